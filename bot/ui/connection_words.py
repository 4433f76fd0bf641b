"""What the operator reads in the terminal where Discord refuses the bot."""

from __future__ import annotations

# Refusals by Discord when the process starts.
DISCORD_REFUSES_LOGIN = (
    "Discord refused the token. Copy it again from the Discord Developer Portal (your application, Bot, Reset Token) "
    "into PULLQUOTE_DISCORD__TOKEN."
)
NEEDS_INTENT = (
    "Discord refused a privileged intent. Pullquote needs none: remove the intents given to the client, or switch them "
    "on in the Discord Developer Portal (your application, Bot, Privileged Gateway Intents)."
)
CONNECTION_BROKE = (
    "The connection to Discord broke in a way that was not expected; the log has the details. Start again; if it "
    "stays, update Pullquote or report it."
)
UNREACHABLE = (
    "Discord cannot be reached. Check this machine's connection and https://discordstatus.com, then start again."
)


def connection_refused(reason: str) -> str:
    """Say that Discord ended the connection for good."""
    return f"Discord ended the connection for good: {reason}. Check the bot's settings, then start again."


def not_loopback(url: str) -> str:
    """Refuse an address that would be handed the token."""
    return f"{url} is not an address of this machine: the token would be sent there. Use http://127.0.0.1 with a port."
