"""What members and managers read of settings and of who may see what. Names come in already escaped."""

from __future__ import annotations

NOT_FOR_EVERYONE = (
    "**Not everyone in this channel may see that article.** Ask again with `private` set to True, and only you see the "
    "answer."
)
NOT_TO_BE_POSTED = "Not everyone in this channel may see what is quoted here, so the answer stays with you alone."
SUMMARY_PRIVATE = "Show the summary to you alone"
