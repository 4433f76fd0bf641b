"""Logging set-up. Called by the command line only, never on import."""

from __future__ import annotations

import logging
import sys


def setup_logging(level: str) -> None:
    """Send log records of ``level`` and above to standard error, one line each.

    Ours are INFO: ids, counts, milliseconds. Question text appears at DEBUG only, article text never.
    """
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", force=True
    )
    # These libraries narrate every request at INFO, with addresses and payloads that are not ours to log.
    for name in ("httpx", "httpcore", "urllib3", "filelock", "transformers", "sentence_transformers", "discord.http"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # It warns at each start that voice is missing, which this bot has no use for.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT" not in record.getMessage())
