"""The permissions that the bot asks for are those that its code needs, no more and no fewer."""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord

from bot.ui.rights import NEEDED, RIGHTS, SCOPES, invite_link, missing_rights, needed_permissions

ROOT = Path(__file__).parents[3]

CALLS = {
    "send": {"view_channel", "send_messages", "send_messages_in_threads"},
    "reply": {"view_channel", "send_messages", "send_messages_in_threads", "read_message_history"},
    "to_reference": {"read_message_history"},
    "history": {"read_message_history"},
    "fetch_message": {"read_message_history"},
    "add_reaction": {"add_reactions"},
    "create_thread": {"create_public_threads"},
    "pin": {"pin_messages"},
    "unpin": {"pin_messages"},
    "purge": {"manage_messages"},
    "ban": {"ban_members"},
    "kick": {"kick_members"},
    "create_webhook": {"manage_webhooks"},
    "webhooks": {"manage_webhooks"},
    "create_invite": {"create_instant_invite"},
    "invites": {"manage_guild"},
    "add_roles": {"manage_roles"},
    "remove_roles": {"manage_roles"},
    "create_role": {"manage_roles"},
    "set_permissions": {"manage_roles"},
    "create_text_channel": {"manage_channels"},
    "move_to": {"move_members"},
}
"""What discord.py's methods take; answers to interactions take nothing. ``audit_logs`` is read only where allowed."""


def called_names() -> set[str]:
    """Every method name that the Discord side of the program calls."""
    names = set()
    for path in [ROOT / "bot/client.py", ROOT / "bot/tree.py", *ROOT.glob("bot/cogs/*.py"), *ROOT.glob("bot/ui/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names.add(node.func.attr)
    return names


def test_the_table_is_what_the_code_calls() -> None:
    """Each call that takes a permission has it in the table, and each permission in the table serves a call."""
    called = called_names()
    needed = set().union(*(permissions for name, permissions in CALLS.items() if name in called))
    assert needed == {right.name for right in RIGHTS}


def test_the_invitation_asks_for_exactly_the_table() -> None:
    """Permissions and scopes of the link are the table's, without what a server may choose, and nothing else."""
    query = parse_qs(urlsplit(invite_link(42)).query)
    assert query["client_id"] == ["42"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert all(getattr(asked, right.name) is not right.is_optional for right in RIGHTS)
    assert asked.value.bit_count() == len(NEEDED)
    assert query["scope"] == [" ".join(SCOPES)]
    assert not asked.administrator


def test_what_is_missing_is_named_once() -> None:
    """A bot that was invited by the link lacks nothing; an administrator's bot lacks nothing either."""
    assert missing_rights(needed_permissions()) == []
    assert missing_rights(discord.Permissions.all()) == []
    lacking = discord.Permissions(needed_permissions().value)
    lacking.send_messages = False
    assert [right.name for right in missing_rights(lacking)] == ["send_messages"]
