"""Components of messages: rows, buttons and selects, and the layout kinds behind IS_COMPONENTS_V2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.refusals import Payload
from bot.sandbox.rules import kinds
from bot.sandbox.rules.form import Form, Path

_MEDIA_SCHEMES = ("http://", "https://", "attachment://")
_MAX_ID = 2**31 - 1


def check_components(form: Form, value: Any, *, layout: bool, files: set[str] | None = None) -> None:
    """Check a message's components; `layout` is whether IS_COMPONENTS_V2 is set, `files` the attached file names."""
    components = form.listing(("components",), value)
    allowed = kinds.V2_TOP if layout else kinds.V1_TOP
    if not layout:
        form.count(("components",), components, "components.rows")
    for index, component in enumerate(components):
        check_component(form, ("components", index), component, allowed)
    everything = list(kinds.walk(components))
    if layout:
        form.count(("components",), everything, "components.total")
        texts = [part.get("content") for part in everything if part.get("type") == kinds.TEXT]
        form.count(("components",), "".join(text for text in texts if isinstance(text, str)), "components.text")
    check_identifiers(form, everything)
    _check_files(form, everything, files or set())


def check_identifiers(form: Form, components: list[Payload]) -> None:
    """Check that no custom_id and no numeric id occurs twice in one message or modal."""
    seen: set[Any] = set()
    for component in components:
        for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
            value = component.get(key)
            if value is None or (key == "id" and value == 0):
                continue
            if (key, value) in seen:
                form.fail(("components",), code, f"Component {key} {value!r} cannot be duplicated", key)
            seen.add((key, value))


def check_component(form: Form, path: Path, component: Any, allowed: tuple[int, ...]) -> None:
    """Check one component and everything inside it; `allowed` are the types its place takes."""
    if not isinstance(component, dict):
        form.fail(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    kind = component.get("type")
    if kind not in allowed:
        names = ", ".join(map(str, allowed))
        form.fail((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({names}).')
        return
    identifier = component.get("id")
    if identifier is not None and not (isinstance(identifier, int) and 0 <= identifier <= _MAX_ID):
        form.fail((*path, "id"), "NUMBER_TYPE_COERCE", f'Value "{identifier!r:.40}" is not int32.')
    if check := CHECKS.get(kind):
        check(form, path, component)


def _check_row(form: Form, path: Path, row: Payload) -> None:
    inner = form.listing((*path, "components"), row.get("components"))
    types = {child.get("type") for child in inner if isinstance(child, dict)}
    if types & set(kinds.SELECTS):
        form.count((*path, "components"), inner, "row.selects")
        if len(types) > 1:
            form.fail((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select needs a row of its own")
    else:
        form.count((*path, "components"), inner, "row.buttons")
    for index, child in enumerate(inner):
        check_component(form, (*path, "components", index), child, (kinds.BUTTON, *kinds.SELECTS))


def _check_button(form: Form, path: Path, button: Payload) -> None:
    style = button.get("style")
    if not form.choose((*path, "style"), style, (1, 2, 3, 4, 5, 6)):
        return
    if button.get("label") is not None:
        form.text((*path, "label"), button["label"], "button.label")
    elif not button.get("emoji") and style != kinds.PREMIUM_STYLE:
        form.fail((*path, "label"), "BASE_TYPE_REQUIRED", "A button needs a label or an emoji", "button.label")
    if style == kinds.LINK_STYLE:
        url = form.text((*path, "url"), button.get("url", ""), "button.url")
        if url and not url.startswith(("http://", "https://", "discord://")):
            message = "Scheme must be one of ('http', 'https', 'discord')."
            form.fail((*path, "url"), "URL_TYPE_INVALID_SCHEME", message)
        if button.get("custom_id") is not None:
            message = "A custom id and url cannot both be specified"
            form.fail((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_BOTH", message)
    elif style != kinds.PREMIUM_STYLE:
        form.text((*path, "custom_id"), button.get("custom_id", ""), "custom_id")
        if button.get("url") is not None:
            form.fail((*path, "url"), "BUTTON_COMPONENT_INVALID_URL", "Only a link button takes a url")


def check_select(form: Form, path: Path, select: Payload) -> None:
    """Check a select menu of any kind."""
    form.text((*path, "custom_id"), select.get("custom_id", ""), "custom_id")
    form.optional_text((*path, "placeholder"), select.get("placeholder"), "select.placeholder")
    form.number((*path, "min_values"), select.get("min_values"), "select.min_values")
    form.number((*path, "max_values"), select.get("max_values"), "select.max_values")
    low, high = select.get("min_values"), select.get("max_values")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        form.fail((*path, "min_values"), "NUMBER_TYPE_MAX", "min_values must not exceed max_values")
    if select["type"] != kinds.SELECT:
        return
    options = form.listing((*path, "options"), select.get("options"))
    form.count((*path, "options"), options, "select.options")
    values: set[str] = set()
    for index, option in enumerate(options):
        place = (*path, "options", index)
        form.text((*place, "label"), option.get("label", ""), "select.option.label")
        value = form.text((*place, "value"), option.get("value", ""), "select.option.value")
        form.optional_text((*place, "description"), option.get("description"), "select.option.description")
        if value in values:
            message = "The specified option value is already used"
            form.fail((*place, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        values.add(value)


def _check_section(form: Form, path: Path, section: Payload) -> None:
    texts = form.listing((*path, "components"), section.get("components"))
    form.count((*path, "components"), texts, "section.texts")
    for index, text in enumerate(texts):
        check_component(form, (*path, "components", index), text, (kinds.TEXT,))
    if form.require(path, section, "accessory"):
        check_component(form, (*path, "accessory"), section["accessory"], (kinds.BUTTON, kinds.THUMBNAIL))


def _check_text(form: Form, path: Path, text: Payload) -> None:
    form.text((*path, "content"), text.get("content", ""), "text_display.content", trim=True)


def _check_thumbnail(form: Form, path: Path, thumbnail: Payload) -> None:
    _check_media(form, (*path, "media"), thumbnail.get("media"))
    form.optional_text((*path, "description"), thumbnail.get("description"), "media.description")


def _check_gallery(form: Form, path: Path, gallery: Payload) -> None:
    items = form.listing((*path, "items"), gallery.get("items"))
    form.count((*path, "items"), items, "gallery.items")
    for index, item in enumerate(items):
        _check_media(form, (*path, "items", index, "media"), item.get("media"))
        form.optional_text((*path, "items", index, "description"), item.get("description"), "media.description")


def _check_file(form: Form, path: Path, file: Payload) -> None:
    _check_media(form, (*path, "file"), file.get("file"))
    url = (file.get("file") or {}).get("url", "")
    if isinstance(url, str) and url and not url.startswith("attachment://"):
        form.fail((*path, "file", "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('attachment').")


def _check_separator(form: Form, path: Path, separator: Payload) -> None:
    form.number((*path, "spacing"), separator.get("spacing"), "separator.spacing")


def _check_container(form: Form, path: Path, container: Payload) -> None:
    inner = form.listing((*path, "components"), container.get("components"))
    form.count((*path, "components"), inner, "container.children")
    form.number((*path, "accent_color"), container.get("accent_color"), "accent_color")
    for index, child in enumerate(inner):
        check_component(form, (*path, "components", index), child, kinds.CONTAINER_CHILDREN)


def _check_media(form: Form, path: Path, media: Any) -> None:
    url = form.text((*path, "url"), media.get("url", "") if isinstance(media, dict) else "", "media.url")
    if url and not url.startswith(_MEDIA_SCHEMES):
        form.fail((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'attachment').")


def _check_files(form: Form, components: list[Payload], files: set[str]) -> None:
    for component in components:
        media = [component.get("file"), component.get("media")]
        media += [item.get("media") for item in component.get("items") or []]
        for item in media:
            url = item.get("url", "") if isinstance(item, dict) else ""
            name = str(url).removeprefix("attachment://")
            if name != url and name not in files:
                form.fail(("components",), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"No file {name!r}")


CHECKS: dict[int, Callable[[Form, Path, Payload], None]] = {
    kinds.ROW: _check_row,
    kinds.BUTTON: _check_button,
    **dict.fromkeys(kinds.SELECTS, check_select),
    kinds.SECTION: _check_section,
    kinds.TEXT: _check_text,
    kinds.THUMBNAIL: _check_thumbnail,
    kinds.GALLERY: _check_gallery,
    kinds.FILE: _check_file,
    kinds.SEPARATOR: _check_separator,
    kinds.CONTAINER: _check_container,
}
