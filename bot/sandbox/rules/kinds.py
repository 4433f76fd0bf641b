"""Component types by number (D: components/reference), and walks over a component tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.refusals import Payload

ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23
SELECTS = (SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK_STYLE, PREMIUM_STYLE = 5, 6

V1_TOP = (ROW,)
V2_TOP = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
CONTAINER_CHILDREN = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
MODAL_TOP = (ROW, LABEL, TEXT)
LABEL_CHILDREN = (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)


def children(component: Payload) -> list[Payload]:
    """Return the components directly inside one."""
    inner = [child for child in component.get("components") or [] if isinstance(child, dict)]
    single = (component.get("accessory"), component.get("component"))
    return [*inner, *(child for child in single if isinstance(child, dict))]


def walk(components: Any) -> Iterator[Payload]:
    """Yield every component of a tree, depth first, in the order it is shown."""
    for component in components or []:
        if isinstance(component, dict):
            yield component
            yield from walk(children(component))
