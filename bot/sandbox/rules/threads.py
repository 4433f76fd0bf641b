"""Threads and forum posts: their names, pauses, archiving and tags."""

from __future__ import annotations

from typing import Any

from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.form import Form
from bot.sandbox.world import Channel, is_snowflake

ARCHIVE_MINUTES = (60, 1440, 4320, 10_080)


def check_thread(form: Form, body: Payload, *, is_new: bool) -> None:
    """Check what a thread is begun with or changed to."""
    if is_new or "name" in body:
        form.text(("name",), body.get("name", ""), "thread.name", trim=True)
    minutes = body.get("auto_archive_duration")
    if minutes is not None:
        form.choose(("auto_archive_duration",), minutes, ARCHIVE_MINUTES)
    form.number(("rate_limit_per_user",), body.get("rate_limit_per_user"), "thread.slow_seconds")
    for key in ("archived", "locked", "invitable"):
        value = body.get(key)
        if value is not None and not isinstance(value, bool):
            form.fail((key,), "BASE_TYPE_CHOICES", "Must be either true or false.")


def check_tags(form: Form, forum: Channel, value: Any, *, may_moderate: bool) -> list[str]:
    """Return the tags of a post, each one of its forum's; the codes 40066 and 40067 are raised at once."""
    tags = [str(entry) for entry in form.listing(("applied_tags",), value)]
    form.count(("applied_tags",), tags, "thread.tags")
    for index, tag in enumerate(tags):
        if not is_snowflake(tag) or tag not in forum.tags:
            form.fail(("applied_tags", index), "TAG_UNKNOWN", f"Unknown tag {tag!r:.40}")
    if any(forum.tags[tag].moderated for tag in tags if tag in forum.tags) and not may_moderate:
        raise Refusal(40066, "a moderated tag needs MANAGE_THREADS")
    return tags
