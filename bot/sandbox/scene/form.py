"""A form (Discord's modal) as the person sees it to whom it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.interactions import InteractionHandle
from bot.sandbox.refusals import Payload

if TYPE_CHECKING:
    from bot.sandbox.scene.message import Message
    from bot.sandbox.scene.person import Person


class Form:
    """An open form; `fill` submits it."""

    def __init__(self, viewer: Person, handle: InteractionHandle, modal: Payload) -> None:
        self.viewer = viewer
        self.handle = handle
        self._modal = modal

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self._modal["title"])

    @property
    def fields(self) -> list[str]:
        """The labels of its fields."""
        parts = [(top, top.get("component") or (top.get("components") or [{}])[0]) for top in self._modal["components"]]
        return [str(top.get("label") or field["label"]) for top, field in parts if top.get("label") or "label" in field]

    async def fill(self, values: dict[str, Any] | None = None, **named: Any) -> Message | Form:
        """Fill in fields by their labels or custom_ids, submit, and return what comes of it."""
        return await self.viewer.fills_in(self, values, **named)
