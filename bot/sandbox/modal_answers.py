"""Checks what a person enters into a modal and builds the data of its submit."""

from __future__ import annotations

from typing import Any

from bot.sandbox.choices import chosen
from bot.sandbox.command_book import CannotInvoke
from bot.sandbox.invocation import Invocation
from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds

DEFAULT_MAX_LENGTH = 4000


def submit_data(modal: Payload, values: dict[str, Any], invocation: Invocation) -> Payload:
    """Return a modal submit's data; `values` by custom_id or label.

    Text for an input, a list of values for a select or checkbox group, one value for a radio group, true or false for a
    checkbox, a list of (filename, bytes) for an upload. Raises CannotInvoke for what the client would not submit.
    """
    left = dict(values)
    components: list[Payload] = []
    for number, top in enumerate(modal["components"], start=1):
        if top["type"] == kinds.TEXT:
            components.append({"type": kinds.TEXT, "id": number})
            continue
        field = top["component"] if top["type"] == kinds.LABEL else top["components"][0]
        label = top.get("label") or field.get("label")
        name = next((key for key in (field["custom_id"], label) if key in left), None)
        given = left.pop(name) if name is not None else None
        answer = {
            "type": field["type"],
            "id": number,
            "custom_id": field["custom_id"],
            **_answer(field, given, invocation),
        }
        if top["type"] == kinds.LABEL:
            components.append({"type": kinds.LABEL, "id": number, "component": answer})
        else:
            components.append({"type": kinds.ROW, "id": number, "components": [answer]})
    if left:
        raise CannotInvoke(f"the modal has no field {', '.join(left)}")
    data: Payload = {"custom_id": modal["custom_id"], "components": components}
    if invocation.resolved:
        data["resolved"] = invocation.resolved
    return data


def _answer(field: Payload, given: Any, invocation: Invocation) -> Payload:
    kind = field["type"]
    if kind == kinds.TEXT_INPUT:
        return {"value": _text(field, given)}
    if kind == kinds.CHECKBOX:
        return {"value": bool(given)}
    if kind == kinds.RADIO:
        if given is None and field.get("required", True):
            raise CannotInvoke(f"{field['custom_id']!r} is required")
        return {"value": given}
    if kind in kinds.SELECTS:
        return {"values": chosen(field, list(given or []), invocation)}
    picked = list(given or [])
    if kind == kinds.UPLOAD:
        picked = [invocation.attach(file) for file in picked]
    low = field.get("min_values", 1) if field.get("required", True) else 0
    if not low <= len(picked) <= (field.get("max_values") or max(1, len(field.get("options") or []))):
        raise CannotInvoke(f"{field['custom_id']!r} takes {low} to {field.get('max_values', 1)} values")
    return {"values": picked}


def _text(field: Payload, given: Any) -> str:
    text = field.get("value") or "" if given is None else str(given)
    if not text and field.get("required", True):
        raise CannotInvoke(f"{field['custom_id']!r} is required")
    low, high = field.get("min_length") or 0, field.get("max_length") or DEFAULT_MAX_LENGTH
    if text and not low <= len(text) <= high:
        raise CannotInvoke(f"{field['custom_id']!r} takes {low} to {high} characters")
    return text
