"""A short article written for this repository, with questions that it answers and questions that it does not."""

from __future__ import annotations

_ARTICLE = """
The lighthouse on Gull Rock was lit for the first time in 1871. Until then, fishermen found the harbour mouth by the
glow of tar barrels that their families burned on the beach. On foggy nights the barrels were of no use, and eleven
boats were lost in the winter of 1868 alone.

Building it took four summers, because the rock is dry for only three hours a day. The granite came by barge from a
quarry at Penhallow, each block already cut to fit its neighbours. A mason named Ada Trewin, the only woman on the crew,
carved the numbers that still show where every block belongs.

The first lamp burned rapeseed oil and had to be trimmed every four hours. It was replaced by paraffin in 1889 and by an
electric bulb in 1934. Today a ring of small diodes, no brighter than a bicycle lamp each, is visible from nineteen
nautical miles away.

Keepers served for six weeks at a time, always in pairs. They were paid two shillings a day and were forbidden to keep
cats, since the rock is a nesting place of storm petrels. Their logbooks, forty-two volumes of them, are now in the town
museum.

The last keeper left in 1986, when the light was made automatic. A technician visits by helicopter twice a year to clean
the lens and to change the batteries. If the main light fails, a second one starts within ten seconds and sends a
message to the coastguard.

Visitors can land between June and September, weather permitting. Tickets cost nine pounds and include the crossing from
the old fish quay. Dogs are not allowed on the rock, and there is no café, so bring something to eat.
"""

PASSAGES = tuple(" ".join(passage.split()) for passage in _ARTICLE.strip().split("\n\n"))

QUESTIONS = (
    ("When was the lighthouse first lit?", 1, "The lighthouse on Gull Rock"),
    ("How many boats were lost in the winter of 1868?", 1, "On foggy nights"),
    ("Why did the building take so long?", 2, "Building it took four summers"),
    ("where did the granite come from", 2, "The granite came by barge"),
    ("Who carved the numbers on the blocks?", 2, "A mason named Ada Trewin"),
    ("What fuel did the first lamp burn?", 3, "The first lamp burned"),
    ("What were the keepers paid?", 4, "They were paid two shillings"),
    ("Where are the logbooks now?", 4, "Their logbooks"),
    ("What happens if the main light fails?", 5, "If the main light fails"),
    ("how much does a ticket cost", 6, "Tickets cost nine pounds"),
    ("Are dogs allowed?", 6, "Dogs are not allowed"),
)
"""Question, position of the passage that answers, how the answering sentence begins."""

OFF_TOPIC = (
    "Who won the 2018 football world cup?",
    "What is the capital of Peru?",
    "how do I bake sourdough bread",
    "What is the boiling point of nitrogen?",
    "pizza",
    "who are you",
    "what is this",
    "to be or not to be",
    "Explain quantum entanglement",
    "How do I reset my password?",
    "😀",
)
