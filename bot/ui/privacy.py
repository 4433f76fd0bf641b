"""What is kept of a member or of a guild, as a message and as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from discord import ui

from bot.engine.questions.records import AskedQuestion, GuildData, MemberData, Vote
from bot.ui import privacy_words
from bot.ui.language import translate
from bot.ui.layout import Accent, Card, build_view, notice
from bot.ui.text import cut, escape

LISTED = 10
FILE_NAME, EXPORT_NAME = "kept-of-me.json", "questions.json"
_TEXT_UNITS = 150
_NAME_UNITS = 60


def member_view(data: MemberData, days: int, name_of: Callable[[int], str]) -> ui.LayoutView:
    """Draw what is kept of a member, the newest questions listed. ``name_of``: what a guild is called."""
    texts = []
    if not data.questions and not data.votes:
        texts.append(privacy_words.NOTHING_KEPT)
    else:
        newest = sorted(data.questions, key=lambda found: -found.asked_at)[:LISTED]
        kept = privacy_words.kept(len(data.questions), len(data.votes))
        lines = [f"{kept} {privacy_words.kept_for(days)}"]
        lines += [_line(found, name_of) for found in newest]
        rest = len(data.questions) - len(newest)
        texts.append("\n".join([*lines, *([privacy_words.earlier_ones(rest)] if rest else [])]))
    texts += [privacy_words.OPTED_OUT] if data.is_out else []
    return build_view([Card((*texts, privacy_words.WITHOUT_NAME), Accent.NOTHING)])


def _line(found: AskedQuestion, name_of: Callable[[int], str]) -> str:
    server, text = escape(cut(name_of(found.guild), _NAME_UNITS)), escape(cut(found.text, _TEXT_UNITS))
    return f"- <t:{found.asked_at}:f> · {server} · {text} · {translate(privacy_words.STATES[found.state.value])}"


def export_view(data: GuildData) -> ui.LayoutView:
    """Say what a guild's export holds."""
    return notice(privacy_words.exported(len(data.questions), len(data.votes)), Accent.DONE)


def as_file(data: MemberData | GuildData) -> bytes:
    """Write all of it as JSON: times in UTC, ids as text (they are too long for many readers of numbers)."""
    found: dict[str, Any] = {
        "questions": [_question(question) for question in data.questions],
        "votes": [_vote(vote) for vote in data.votes],
    }
    if isinstance(data, MemberData):
        found["opted_out"] = data.is_out
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _question(found: AskedQuestion) -> dict[str, Any]:
    return {
        "server": str(found.guild),
        "id": str(found.id),
        "asked_at": _time(found.asked_at),
        "channel": str(found.channel),
        "member": found.member,
        "question": found.text,
        "article": found.article or None,
        "private": found.is_private,
        "follows": str(found.follows) if found.follows else None,
        "state": found.state.value,
        "quoted": [{"article": article, "passage": position} for article, position in found.quoted],
        "nearest": {"article": found.nearest[0], "passage": found.nearest[1]} if found.nearest else None,
        "gap": found.gap.value,
    }


def _vote(vote: Vote) -> dict[str, Any]:
    return {
        "server": str(vote.guild),
        "question": str(vote.question),
        "member": vote.member,
        "helpful": vote.is_helpful,
        "reason": vote.reason,
        "voted_at": _time(vote.voted_at),
    }


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
