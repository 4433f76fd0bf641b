"""Embeds: lengths of their parts and of all of them together."""

from __future__ import annotations

from typing import Any

from bot.sandbox.rules.form import Form, Path

_MEDIA_KEYS = ("image", "thumbnail")
_SCHEMES = ("http://", "https://", "attachment://")


def check_embeds(form: Form, value: Any) -> None:
    """Check a message's embeds; whitespace at the ends is trimmed before counting."""
    embeds = form.listing(("embeds",), value)
    form.count(("embeds",), embeds, "message.embeds")
    total = 0
    for index, embed in enumerate(embeds):
        path = ("embeds", index)
        if not isinstance(embed, dict):
            form.fail(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        total += _check_embed(form, path, embed)
    rule_total(form, total)


def rule_total(form: Form, total: int) -> None:
    """Check the characters summed over all embeds of a message."""
    form.count(("embeds",), range(total), "embeds.total")


def _check_embed(form: Form, path: Path, embed: dict[str, Any]) -> int:
    texts = [
        form.optional_text((*path, "title"), embed.get("title"), "embed.title", trim=True),
        form.optional_text((*path, "description"), embed.get("description"), "embed.description", trim=True),
    ]
    footer, author = embed.get("footer") or {}, embed.get("author") or {}
    texts.append(form.optional_text((*path, "footer", "text"), footer.get("text"), "embed.footer", trim=True))
    texts.append(form.optional_text((*path, "author", "name"), author.get("name"), "embed.author", trim=True))
    fields = form.listing((*path, "fields"), embed.get("fields"))
    form.count((*path, "fields"), fields, "embed.fields")
    for index, entry in enumerate(fields):
        place = (*path, "fields", index)
        texts.append(form.text((*place, "name"), entry.get("name", ""), "embed.field.name", trim=True))
        texts.append(form.text((*place, "value"), entry.get("value", ""), "embed.field.value", trim=True))
    _check_url(form, (*path, "url"), embed.get("url"))
    media = False
    for key in _MEDIA_KEYS:
        part = embed.get(key) or {}
        media = media or bool(part)
        _check_url(form, (*path, key, "url"), part.get("url"))
    if not any(text.strip() for text in texts) and not media:
        form.fail((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    return sum(len(text.strip()) for text in texts)


def _check_url(form: Form, path: Path, url: Any) -> None:
    if form.optional_text(path, url, "embed.url") and not str(url).startswith(_SCHEMES):
        form.fail(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').")
