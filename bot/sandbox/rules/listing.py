"""All rules as one table in Markdown, for whoever checks the emulator against Discord's documents."""

from __future__ import annotations

from bot.sandbox.refusals import KNOWN
from bot.sandbox.rules.laws import LAWS
from bot.sandbox.rules.table import RULES

_GATEWAY = range(4000, 5000)
_HEAD = """# What the emulator refuses

Made by `python -m bot.sandbox.rules.listing > docs/discord-rules.md`; a test keeps it current, and each row is proved
by a test at the bound and one past it (`tests/discord/emulator`). `D:` is a page of discord/discord-api-docs at
c98d64bc (August 2026), `S:` discord.py 2.7.1, `?:` is documented nowhere and to be verified on the real service.

| rule | bound | past it | source |
| --- | --- | --- | --- |
"""


def render() -> str:
    """Return the document."""
    rows = []
    for rule in RULES.values():
        bound = f"{rule.low:,} to {rule.high:,}" if rule.low else f"at most {rule.high:,}"
        rows.append((rule.name, bound, shape_of(rule.error, rule.code), rule.source))
    rows += [
        (law.name, law.says, ", ".join(shape_of(error) for error in law.errors), law.source) for law in LAWS.values()
    ]
    return _HEAD + "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


def shape_of(error: int, form_code: str = "") -> str:
    """Return how a refusal looks on the wire: status, JSON code and message, a close code, or an opcode."""
    if error == 50035:
        inner = f"`{form_code}`" if form_code else "a code"
        return f"400 / 50035 Invalid Form Body, {inner} at the field in `errors`"
    if error in KNOWN:
        status, message = KNOWN[error]
        return f"{status} / {error} {message}"
    if error in _GATEWAY:
        return f"close {error}"
    if error in (8, 9):
        return "op 9 Invalid Session" if error == 9 else "no chunk"
    return f"HTTP {error}" if error else "nothing: it is so, or a person's client does not offer it"


if __name__ == "__main__":
    print(render(), end="")  # noqa: T201 - a document on standard output is what it is for
