"""Request bodies of a chosen size, one for each bound in the emulator's table of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.rules.commands import check_scope
from bot.sandbox.rules.components import check_components
from bot.sandbox.rules.form import Form
from bot.sandbox.rules.messages import Upload, check_message
from bot.sandbox.rules.modals import check_modal
from bot.sandbox.rules.threads import check_tags, check_thread
from bot.sandbox.world import FORUM_CHANNEL, World

LAYOUT = 1 << 15
Body = dict[str, Any]


def x(size: int) -> str:
    """Return a text of some length."""
    return "x" * size


def message(**body: Any) -> None:
    """Check a message that also has content."""
    check_message({"content": "c", **body}, [])


def embed(**parts: Any) -> None:
    """Check a message with one embed."""
    message(embeds=[{"title": "t", **parts}])


def row(*children: Body) -> None:
    """Check a message with one action row."""
    message(components=[{"type": 1, "components": list(children)}])


def button(number: int = 0, **more: Any) -> Body:
    """Return a button with an id of its own."""
    return {"type": 2, "style": 1, "label": "b", "custom_id": f"b{number}", **more}


def link(**more: Any) -> Body:
    """Return a link button."""
    return {"type": 2, "style": 5, "label": "b", "url": "https://example.org", **more}


def option(number: int = 0, **more: Any) -> Body:
    """Return an option of a select, or of a radio or checkbox group."""
    return {"label": "o", "value": f"v{number}", **more}


def select(**more: Any) -> Body:
    """Return a select menu."""
    return {"type": 3, "custom_id": "s", "options": [option()], **more}


def text(content: str = "t") -> Body:
    """Return a text display."""
    return {"type": 10, "content": content}


def layout(*components: Body) -> None:
    """Check a layout message; as bodies come from outside, through the whole message check."""
    check_message({"flags": LAYOUT, "components": list(components)}, [])


def gallery(count: int = 1, **more: Any) -> Body:
    """Return a media gallery."""
    return {"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}, **more} for _ in range(count)]}


def texts_of_total(size: int) -> list[Body]:
    """Return text displays of one length together."""
    return [text(x(size // 2)), text(x(size - size // 2))]


def modal(**more: Any) -> None:
    """Check a modal."""
    form = Form()
    check_modal(form, {"custom_id": "m", "title": "t", "components": [label()], **more})
    form.refuse_if_wrong()


def field(number: int = 0, **more: Any) -> Body:
    """Return a text input."""
    return {"type": 4, "style": 1, "custom_id": f"f{number}", **more}


def label(number: int = 0, component: Body | None = None, **more: Any) -> Body:
    """Return a label around a field."""
    return {"type": 18, "label": "l", "component": component or field(number), **more}


def commands(*entries: Body) -> None:
    """Check a bulk overwrite."""
    form = Form()
    check_scope(form, list(entries))
    form.refuse_if_wrong()


def command(**more: Any) -> None:
    """Check one slash command."""
    commands({"name": "n", "description": "d", **more})


def parameter(number: int = 0, **more: Any) -> Body:
    """Return a text option of a command."""
    return {"type": 3, "name": f"o{number}", "description": "d", **more}


def command_of_total(size: int) -> None:
    """Check a command with a number of characters counted together."""
    start = {"name": "n", "description": "d"}
    left = size - 2
    options = []
    while left > 0:
        number = len(options)
        name = f"o{number:02}"
        part = min(left, 1 + len(name) + 80 * (1 + 20))
        room = part - len(name) - 1
        choices = [{"name": x(min(80, room - start_at)), "value": ""} for start_at in range(0, room, 80)]
        for place, choice in enumerate(choices):
            choice["value"] = 0.5 + place
        options.append({"type": 10, "name": name, "description": "d", "choices": choices})
        left -= part
    commands({**start, "options": options})


def menus(kind: int, count: int) -> None:
    """Check a bulk overwrite with many commands of one type."""
    described = {"description": "d"} if kind == 1 else {}
    commands(*({"type": kind, "name": f"n{number}", **described} for number in range(count)))


def files(count: int, size: int = 1) -> None:
    """Check a message with files."""
    check_message({}, [Upload(index, f"{index}.txt", b"x" * size) for index in range(count)])


def rows(count: int) -> None:
    """Check a message with many action rows."""
    message(components=[{"type": 1, "components": [button(number)]} for number in range(count)])


def mentions(**more: Any) -> None:
    """Check a message's allowed mentions."""
    message(allowed_mentions={"parse": [], **more})


def described_attachment(size: int) -> None:
    """Check a file with a description."""
    check_message({"attachments": [{"id": 0, "description": x(size)}]}, [Upload(0, "a.txt", b"x")])


def components(*parts: Body) -> None:
    """Check layout components alone."""
    form = Form()
    check_components(form, list(parts), layout=True)
    form.refuse_if_wrong()


def choices(count: int = 1, **more: Any) -> None:
    """Check a command whose option has choices."""
    entries = [{"name": "c", "value": f"v{number}", **more} for number in range(count)]
    command(options=[parameter(choices=entries)])


def poll(**more: Any) -> None:
    """Check a message with a poll."""
    message(poll={"question": {"text": "q"}, "answers": [{"poll_media": {"text": "a"}}], **more})


def thread(**more: Any) -> None:
    """Check a new thread."""
    form = Form()
    check_thread(form, {"name": "n", **more}, is_new=True)
    form.refuse_if_wrong()


def tags(count: int) -> None:
    """Check a post with many tags."""
    forum = World().add_channel(World().add_guild("g"), "f", FORUM_CHANNEL, tags=tuple(map(str, range(count))))
    form = Form()
    check_tags(form, forum, list(forum.tags), may_moderate=False)
    form.refuse_if_wrong()


SIZED: dict[str, Callable[[int], None]] = {
    "content": lambda size: message(content=x(size), embeds=[{"title": "t"}]),
    "nonce": lambda size: message(nonce=x(size)),
    "message.embeds": lambda size: message(embeds=[{"title": "t"}] * size),
    "message.stickers": lambda size: message(sticker_ids=["1"] * size),
    "message.files": lambda size: check_message(
        {"content": "c"}, [Upload(index, f"{index}.txt", b"x") for index in range(size)]
    ),
    "file.bytes": lambda size: files(1, size),
    "attachment.description": described_attachment,
    "mentions.ids": lambda size: mentions(users=[str(number) for number in range(size)]),
    "mentions.parse": lambda size: mentions(parse=(["users", "roles", "everyone"] * 2)[:size]),
    "embed.title": lambda size: embed(title=x(size), description="d"),
    "embed.description": lambda size: embed(description=x(size)),
    "embed.fields": lambda size: embed(fields=[{"name": "n", "value": "v"}] * size),
    "embed.field.name": lambda size: embed(fields=[{"name": x(size), "value": "v"}]),
    "embed.field.value": lambda size: embed(fields=[{"name": "n", "value": x(size)}]),
    "embed.footer": lambda size: embed(footer={"text": x(size)}),
    "embed.author": lambda size: embed(author={"name": x(size)}),
    "embed.url": lambda size: embed(url=("https://" + x(size))[:size]),
    "embeds.total": lambda size: message(embeds=[{"description": x(3000)}, {"description": x(size - 3000)}]),
    "components.rows": rows,
    "components.total": lambda size: layout(*(text() for _ in range(size))),
    "components.text": lambda size: layout(*texts_of_total(size)),
    "row.buttons": lambda size: row(*(button(number) for number in range(size))),
    "row.selects": lambda size: row(*(select(custom_id=f"s{number}") for number in range(size))),
    "custom_id": lambda size: row(button(custom_id=x(size))),
    "button.label": lambda size: row(button(label=x(size))),
    "button.url": lambda size: row(link(url=("https://" + x(600))[:size])),
    "select.options": lambda size: row(select(options=[option(number) for number in range(size)])),
    "select.option.label": lambda size: row(select(options=[option(label=x(size))])),
    "select.option.value": lambda size: row(select(options=[option(value=x(size))])),
    "select.option.description": lambda size: row(select(options=[option(description=x(size))])),
    "select.placeholder": lambda size: row(select(placeholder=x(size))),
    "select.min_values": lambda size: row(select(min_values=size)),
    "select.max_values": lambda size: row(select(max_values=size)),
    "section.texts": lambda size: layout({"type": 9, "components": [text()] * size, "accessory": button()}),
    "text_display.content": lambda size: layout(text(x(size))),
    "gallery.items": lambda size: layout(gallery(size)),
    "media.description": lambda size: layout(gallery(description=x(size))),
    "media.url": lambda size: layout(gallery(media={"url": ("https://" + x(3000))[:size]})),
    "container.children": lambda size: components({"type": 17, "components": [text()] * size}),
    "accent_color": lambda size: layout({"type": 17, "components": [text()], "accent_color": size}),
    "separator.spacing": lambda size: layout(text(), {"type": 14, "spacing": size}),
    "modal.title": lambda size: modal(title=x(size)),
    "modal.components": lambda size: modal(components=[label(number) for number in range(size)]),
    "text_input.label": lambda size: modal(components=[{"type": 1, "components": [field(label=x(size))]}]),
    "text_input.placeholder": lambda size: modal(components=[label(component=field(placeholder=x(size)))]),
    "text_input.value": lambda size: modal(components=[label(component=field(value=x(size)))]),
    "text_input.min_length": lambda size: modal(components=[label(component=field(min_length=size))]),
    "text_input.max_length": lambda size: modal(components=[label(component=field(max_length=size))]),
    "label.label": lambda size: modal(components=[label(label=x(size))]),
    "label.description": lambda size: modal(components=[label(description=x(size))]),
    "upload.values": lambda size: modal(
        components=[label(component={"type": 19, "custom_id": "u", "max_values": size})]
    ),
    "radio.options": lambda size: modal(
        components=[label(component={"type": 21, "custom_id": "r", "options": [option(n) for n in range(size)]})]
    ),
    "checkbox.options": lambda size: modal(
        components=[label(component={"type": 22, "custom_id": "c", "options": [option(n) for n in range(size)]})]
    ),
    "choice.name": lambda size: choices(name=x(size)),
    "choice.value": lambda size: choices(value=x(size)),
    "command.name": lambda size: command(name=x(size)),
    "command.description": lambda size: command(description=x(size)),
    "command.options": lambda size: command(options=[parameter(number) for number in range(size)]),
    "command.choices": choices,
    "command.total": command_of_total,
    "option.min_length": lambda size: command(options=[parameter(min_length=size)]),
    "option.max_length": lambda size: command(options=[parameter(max_length=size)]),
    "scope.slash_commands": lambda size: menus(1, size),
    "scope.user_commands": lambda size: menus(2, size),
    "scope.message_commands": lambda size: menus(3, size),
    "poll.question": lambda size: poll(question={"text": x(size)}),
    "poll.answer": lambda size: poll(answers=[{"poll_media": {"text": x(size)}}]),
    "poll.answers": lambda size: poll(answers=[{"poll_media": {"text": "a"}}] * size),
    "poll.hours": lambda size: poll(duration=size),
    "thread.name": lambda size: thread(name=x(size)),
    "thread.slow_seconds": lambda size: thread(rate_limit_per_user=size),
    "thread.tags": tags,
}
