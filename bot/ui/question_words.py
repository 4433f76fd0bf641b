"""Every string a member sees of votes, further passages and follow-ups, in one place."""

from __future__ import annotations

REASON_LIMIT = 1000

# Buttons under answers.
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
MORE = "More passages"
FOLLOW_UP = "Follow up"

# What a vote is answered with, to the voter alone.
VOTED_HELPFUL = "Thank you, your vote is noted. Press the other button to change it."
VOTED_NOT_HELPFUL = "Thank you, your vote and your reason are noted. Press the other button to change it."
VOTED_WITHOUT_REASON = "Thank you, your vote is noted. Press the button again to add what was missing."
NOT_KEPT = (
    "Your vote is not kept, because this question is not: it is too old, or whoever asked it or you yourself chose "
    "`/privacy optout`."
)
REASON_TITLE = "Not helpful"
REASON_LABEL = "What was wrong or missing?"
REASON_DESCRIPTION = "Only the people who manage this server's articles can read it, without your name."

# Further passages.
MORE_PASSAGES = "**More passages**, in order. They may not answer the question."
NO_MORE_PASSAGES = "There are no further passages that fit this question. Ask in other words to look elsewhere."
QUESTION_NOT_KEPT = "I no longer have this question. Ask it again, and the buttons under the new answer work."

# Follow-ups.
FOLLOW_UP_TITLE = "Follow up"
FOLLOW_UP_LABEL = "Your next question"
FOLLOW_UP_DESCRIPTION = "It is understood together with the question above, for example: And when was that?"
