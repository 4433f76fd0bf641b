"""Modals: their title, their one to five parts, and what may be asked in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.rules.components import check_component, check_identifiers, check_select
from bot.sandbox.rules.form import Form, Path


def check_modal(form: Form, data: Any) -> None:
    """Check the data of a modal callback."""
    if not isinstance(data, dict):
        form.fail(("data",), "BASE_TYPE_REQUIRED", "This field is required")
        return
    form.text(("data", "custom_id"), data.get("custom_id", ""), "custom_id")
    form.text(("data", "title"), data.get("title", ""), "modal.title")
    components = form.listing(("data", "components"), data.get("components"))
    form.count(("data", "components"), components, "modal.components")
    for index, component in enumerate(components):
        _check_top(form, ("data", "components", index), component)
    check_identifiers(form, list(kinds.walk(components)))


def _check_top(form: Form, path: Path, component: Any) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind == kinds.ROW:
        inner = form.listing((*path, "components"), component.get("components"))
        form.count((*path, "components"), inner, "row.selects")
        for index, child in enumerate(inner):
            _check_field(form, (*path, "components", index), child, (kinds.TEXT_INPUT,), labelled=True)
    elif kind == kinds.LABEL:
        form.text((*path, "label"), component.get("label", ""), "label.label")
        form.optional_text((*path, "description"), component.get("description"), "label.description")
        if form.require(path, component, "component"):
            _check_field(form, (*path, "component"), component["component"], kinds.LABEL_CHILDREN, labelled=False)
    else:
        check_component(form, path, component, kinds.MODAL_TOP)


def _check_field(form: Form, path: Path, field: Any, allowed: tuple[int, ...], *, labelled: bool) -> None:
    kind = field.get("type") if isinstance(field, dict) else None
    if kind not in allowed:
        names = ", ".join(map(str, allowed))
        form.fail((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({names}).')
        return
    if kind == kinds.TEXT_INPUT:
        _check_text_input(form, path, field, labelled=labelled)
    elif kind in kinds.SELECTS:
        check_select(form, path, field)
    else:
        _FIELDS[kind](form, path, field)


def _check_text_input(form: Form, path: Path, field: Payload, *, labelled: bool) -> None:
    form.text((*path, "custom_id"), field.get("custom_id", ""), "custom_id")
    form.choose((*path, "style"), field.get("style"), (1, 2))
    if labelled:
        form.text((*path, "label"), field.get("label") or "", "text_input.label")
    form.optional_text((*path, "placeholder"), field.get("placeholder"), "text_input.placeholder")
    form.optional_text((*path, "value"), field.get("value"), "text_input.value")
    form.number((*path, "min_length"), field.get("min_length"), "text_input.min_length")
    form.number((*path, "max_length"), field.get("max_length"), "text_input.max_length")


def _check_upload(form: Form, path: Path, field: Payload) -> None:
    form.text((*path, "custom_id"), field.get("custom_id", ""), "custom_id")
    for key in ("min_values", "max_values"):
        form.number((*path, key), field.get(key), "upload.values")


def _check_options(rule: str) -> Callable[[Form, Path, Payload], None]:
    def check(form: Form, path: Path, field: Payload) -> None:
        form.text((*path, "custom_id"), field.get("custom_id", ""), "custom_id")
        options = form.listing((*path, "options"), field.get("options"))
        form.count((*path, "options"), options, rule)
        for index, option in enumerate(options):
            place = (*path, "options", index)
            form.text((*place, "label"), option.get("label", ""), "select.option.label")
            form.text((*place, "value"), option.get("value", ""), "select.option.value")

    return check


def _check_checkbox(form: Form, path: Path, field: Payload) -> None:
    form.text((*path, "custom_id"), field.get("custom_id", ""), "custom_id")


_FIELDS: dict[int, Callable[[Form, Path, Payload], None]] = {
    kinds.UPLOAD: _check_upload,
    kinds.RADIO: _check_options("radio.options"),
    kinds.CHECKBOXES: _check_options("checkbox.options"),
    kinds.CHECKBOX: _check_checkbox,
}
