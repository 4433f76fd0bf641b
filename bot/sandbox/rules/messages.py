"""Messages: what a body may hold, alone and together with what the edited message already has."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.refusals import Payload, Refusal
from bot.sandbox.rules.components import check_components
from bot.sandbox.rules.embeds import check_embeds
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.mentions import check_mentions
from bot.sandbox.rules.polls import check_poll
from bot.sandbox.rules.table import RULES

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, LAYOUT, VOICE = (
    1 << 2,
    1 << 6,
    1 << 7,
    1 << 12,
    1 << 15,
    1 << 13,
)
SENDABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | LAYOUT | VOICE
EDITABLE = SUPPRESS_EMBEDS | LAYOUT
LEGACY_KEYS = ("content", "embeds", "poll", "sticker_ids")


@dataclass
class Upload:
    """One file of a multipart request; `index` is n of `files[n]`."""

    index: int
    filename: str
    content: bytes


def check_message(
    body: Payload, uploads: list[Upload], *, existing: Payload | None = None, flags_allowed: int = SENDABLE
) -> None:
    """Raise the refusal Discord gives for a message body, new or an edit of `existing`."""
    if existing is not None and existing.get("poll"):
        raise Refusal(520003)
    form = Form()
    old_flags = existing["flags"] if existing else 0
    flags = body.get("flags") or 0
    if not isinstance(flags, int) or flags & ~flags_allowed:
        form.fail(("flags",), "BASE_TYPE_CHOICES", f"Value must be one of the flags settable here, not {flags}.")
        flags = 0
    if existing is not None and "flags" in body and old_flags & LAYOUT and not flags & LAYOUT:
        code = "MESSAGE_FLAG_CANNOT_BE_REMOVED"
        form.fail(("flags",), code, "IS_COMPONENTS_V2 cannot be removed from a message")
    layout = bool((flags | old_flags) & LAYOUT)
    form.optional_text(("content",), body.get("content"), "content")
    if body.get("nonce") is not None:
        form.text(("nonce",), str(body["nonce"]), "nonce")
    check_embeds(form, body.get("embeds"))
    form.count(("sticker_ids",), form.listing(("sticker_ids",), body.get("sticker_ids")), "message.stickers")
    check_poll(form, body.get("poll"))
    check_mentions(form, body.get("allowed_mentions"))
    names = _check_files(form, body, uploads, existing)
    components = body.get("components", (existing or {}).get("components"))
    check_components(form, components, layout=layout, files=names)
    if layout:
        _check_layout(form, body, existing)
    form.refuse_if_wrong()
    _refuse_empty(body, uploads, existing, layout=layout)


def _check_files(form: Form, body: Payload, uploads: list[Upload], existing: Payload | None) -> set[str]:
    kept = list((existing or {}).get("attachments", []))
    listed = form.listing(("attachments",), body.get("attachments"))
    if "attachments" in body:
        wanted = {str(entry.get("id")) for entry in listed}
        kept = [entry for entry in kept if entry["id"] in wanted]
        indices = {str(upload.index) for upload in uploads}
        known = indices | {entry["id"] for entry in kept}
        for index, entry in enumerate(listed):
            form.optional_text(
                ("attachments", index, "description"), entry.get("description"), "attachment.description"
            )
            if str(entry.get("id")) not in known:
                form.fail(
                    ("attachments", index, "id"), "ATTACHMENT_NOT_FOUND", f"Attachment {entry.get('id')} not found"
                )
    form.count(("attachments",), [*kept, *uploads], "message.files")
    for upload in uploads:
        if len(upload.content) > RULES["file.bytes"].high:
            raise Refusal(40005, f"{upload.filename} has {len(upload.content)} bytes", rules=["file.bytes"])
    renamed = {str(entry.get("id")): entry.get("filename") for entry in listed}
    return {str(renamed.get(str(upload.index)) or upload.filename) for upload in uploads} | {
        entry["filename"] for entry in kept
    }


def _check_layout(form: Form, body: Payload, existing: Payload | None) -> None:
    """Refuse the old fields beside IS_COMPONENTS_V2; an edit into it must null those the message has."""
    for key in LEGACY_KEYS:
        kept = (existing or {}).get(key) if key not in body else None
        if body.get(key) or kept:
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            form.fail((key,), code, f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")


def _refuse_empty(body: Payload, uploads: list[Upload], existing: Payload | None, *, layout: bool) -> None:
    keys = ("components",) if layout else (*LEGACY_KEYS, "components", "attachments")
    old = existing or {}
    filled = any(body.get(key) if key in body else old.get(key) for key in keys)
    if str(body.get("content") or "").strip() == "" and body.get("content"):
        others = [key for key in keys if key != "content"]
        filled = any(body.get(key) if key in body else old.get(key) for key in others)
    if not filled and not uploads and not (layout and old.get("attachments")):
        raise Refusal(50006, "a message needs content, embeds, components, files, stickers or a poll")
