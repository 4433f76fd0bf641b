"""Who a sent message pings (D: resources/message, Allowed Mentions Object)."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.refusals import Payload
from bot.sandbox.rules.form import Form
from bot.sandbox.world import is_snowflake

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
KINDS = ("users", "roles", "everyone")

MESSAGE_DEFAULT: Payload = {"parse": list(KINDS), "replied_user": True}
INTERACTION_DEFAULT: Payload = {"parse": ["users"], "replied_user": False}


def check_mentions(form: Form, value: Any) -> None:
    """Check an allowed_mentions object: `parse` and an id list of the same kind exclude each other."""
    if value is None:
        return
    if not isinstance(value, dict):
        form.fail(("allowed_mentions",), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    parse = form.listing(("allowed_mentions", "parse"), value.get("parse"))
    form.count(("allowed_mentions", "parse"), parse, "mentions.parse")
    for index, kind in enumerate(parse):
        form.choose(("allowed_mentions", "parse", index), kind, KINDS)
    for kind in ("users", "roles"):
        path = ("allowed_mentions", kind)
        ids = form.listing(path, value.get(kind))
        form.count(path, ids, "mentions.ids")
        for index, entry in enumerate(ids):
            if not is_snowflake(entry):
                form.fail((*path, index), "NUMBER_TYPE_COERCE", f'Value "{entry}" is not snowflake.')
        if ids and kind in parse:
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            form.fail(("allowed_mentions",), code, f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')


def find_pings(text: str, allowed: Payload | None, default: Payload, *, replied_to: str | None = None) -> Payload:
    """Return `{"users", "roles", "everyone"}`: the ids and the flag a text would ping under a rule set.

    Mentions in code spans count too: stricter than the real client, where code that is broken out of would ping.
    """
    rules = default if allowed is None else allowed
    parse = set(rules.get("parse") or [])
    users = [user for user in dict.fromkeys(_USER.findall(text)) if _passes(user, "users", parse, rules)]
    roles = [role for role in dict.fromkeys(_ROLE.findall(text)) if _passes(role, "roles", parse, rules)]
    if replied_to is not None and rules.get("replied_user") and replied_to not in users:
        users.append(replied_to)
    everyone = "everyone" in parse and _EVERYONE.search(text) is not None
    return {"users": users, "roles": roles, "everyone": everyone}


def _passes(identifier: str, kind: str, parse: set[str], rules: Payload) -> bool:
    return kind in parse or identifier in {str(entry) for entry in rules.get(kind) or []}
