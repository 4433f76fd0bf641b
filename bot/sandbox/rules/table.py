"""Every bound the emulator enforces, with where Discord states it; what has no bound stands in `laws`.

Sources: `D:` a page of discord/discord-api-docs at c98d64bc (August 2026); `S:` discord.py 2.7.1's own source or
documentation; `?:` not documented anywhere, to be verified on the real service.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One bound: a length, count or number from `low` to `high`, both allowed.

    `error` is the JSON error code or gateway close code past it, `code` the form error's own where it is not the usual.
    """

    name: str
    low: int
    high: int
    source: str
    code: str = ""
    error: int = 50035


_MESSAGE = "D: resources/message"
_EMBED = "D: resources/message, Embed Limits"
_COMPONENTS = "D: components/reference"
_RECEIVING = "D: interactions/receiving-and-responding"
_COMMANDS = "D: interactions/application-commands"
_REFERENCE = "D: reference"
_CHANNEL = "D: resources/channel"
_POLL = "D: resources/poll"
_GATEWAY = "D: events/gateway"
_EVENTS = "D: events/gateway-events"
_CODES = "D: topics/opcodes-and-status-codes"

_ALL = [
    Rule("content", 0, 2000, _MESSAGE),
    Rule("nonce", 1, 25, _MESSAGE),
    Rule("message.embeds", 0, 10, _MESSAGE),
    Rule("message.stickers", 0, 3, _MESSAGE),
    Rule("message.files", 0, 10, f"{_REFERENCE}, Uploading Files"),
    Rule("file.bytes", 0, 10 * 1024 * 1024, f"{_REFERENCE}, Uploading Files", error=40005),
    Rule("request.bytes", 0, 25 * 1024 * 1024, f"{_REFERENCE}, Uploading Files", error=40005),
    Rule("attachment.description", 0, 1024, _MESSAGE),
    Rule("mentions.ids", 0, 100, f"{_MESSAGE}, Allowed Mentions Object"),
    Rule("mentions.parse", 0, 3, f"{_MESSAGE}, Allowed Mentions Object"),
    Rule("embed.title", 0, 256, _EMBED),
    Rule("embed.description", 0, 4096, _EMBED),
    Rule("embed.fields", 0, 25, _EMBED),
    Rule("embed.field.name", 1, 256, f"{_EMBED}; ?: that it may not be empty"),
    Rule("embed.field.value", 1, 1024, f"{_EMBED}; ?: that it may not be empty"),
    Rule("embed.footer", 0, 2048, _EMBED),
    Rule("embed.author", 0, 256, _EMBED),
    Rule("embed.url", 0, 2048, "?: URLs of embeds"),
    Rule("embeds.total", 0, 6000, _EMBED, "MAX_EMBED_SIZE_EXCEEDED"),
    Rule("components.rows", 0, 5, f"{_COMPONENTS}, Action Row (without IS_COMPONENTS_V2)"),
    Rule(
        "components.total",
        0,
        40,
        f"{_COMPONENTS}, Limits of IS_COMPONENTS_V2",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    Rule(
        "components.text",
        0,
        4000,
        "S: discord/ui/view.py, LayoutView.content_length; not in the documentation",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    Rule("row.buttons", 1, 5, f"{_COMPONENTS}, Action Row"),
    Rule("row.selects", 1, 1, f"{_COMPONENTS}, Action Row"),
    Rule("custom_id", 1, 100, f"{_COMPONENTS}, Custom ID"),
    Rule("button.label", 1, 80, f"{_COMPONENTS}, Button"),
    Rule("button.url", 1, 512, f"{_COMPONENTS}, Button"),
    Rule("select.options", 1, 25, f"{_COMPONENTS}, String Select"),
    Rule("select.option.label", 1, 100, f"{_COMPONENTS}, Select Option"),
    Rule("select.option.value", 1, 100, f"{_COMPONENTS}, Select Option"),
    Rule("select.option.description", 0, 100, f"{_COMPONENTS}, Select Option"),
    Rule("select.placeholder", 0, 150, f"{_COMPONENTS}, String Select"),
    Rule("select.min_values", 0, 25, f"{_COMPONENTS}, String Select"),
    Rule("select.max_values", 1, 25, f"{_COMPONENTS}, String Select"),
    Rule("section.texts", 1, 3, f"{_COMPONENTS}, Section"),
    Rule("text_display.content", 1, 4000, f"{_COMPONENTS}, Text Display; S: the bound"),
    Rule("gallery.items", 1, 10, f"{_COMPONENTS}, Media Gallery"),
    Rule("media.description", 0, 1024, f"{_COMPONENTS}, Media Gallery Item and Thumbnail"),
    Rule("media.url", 1, 2048, f"{_COMPONENTS}, Unfurled Media Item; ?: the bound"),
    Rule("container.children", 1, 39, f"{_COMPONENTS}, Container"),
    Rule("accent_color", 0, 0xFFFFFF, f"{_COMPONENTS}, Container"),
    Rule("separator.spacing", 1, 2, f"{_COMPONENTS}, Separator"),
    Rule("modal.title", 1, 45, f"{_RECEIVING}, Modal"),
    Rule("modal.components", 1, 5, f"{_RECEIVING}, Modal"),
    Rule("text_input.label", 1, 45, f"{_COMPONENTS}, Text Input"),
    Rule("text_input.placeholder", 0, 100, f"{_COMPONENTS}, Text Input"),
    Rule("text_input.value", 0, 4000, f"{_COMPONENTS}, Text Input"),
    Rule("text_input.min_length", 0, 4000, f"{_COMPONENTS}, Text Input"),
    Rule("text_input.max_length", 1, 4000, f"{_COMPONENTS}, Text Input"),
    Rule("label.label", 1, 45, f"{_COMPONENTS}, Label"),
    Rule("label.description", 0, 100, f"{_COMPONENTS}, Label"),
    Rule("upload.values", 0, 10, f"{_COMPONENTS}, File Upload"),
    Rule("radio.options", 2, 10, f"{_COMPONENTS}, Radio Group"),
    Rule("checkbox.options", 1, 10, f"{_COMPONENTS}, Checkbox Group"),
    Rule("autocomplete.choices", 0, 25, f"{_RECEIVING}, Autocomplete"),
    Rule("choice.name", 1, 100, f"{_COMMANDS}, Option Choice"),
    Rule("choice.value", 1, 100, f"{_COMMANDS}, Option Choice"),
    Rule("command.name", 1, 32, f"{_COMMANDS}, Naming"),
    Rule("command.description", 1, 100, _COMMANDS),
    Rule("command.options", 0, 25, _COMMANDS),
    Rule("command.choices", 0, 25, f"{_COMMANDS}, Option"),
    Rule("command.total", 0, 8000, _COMMANDS, "APPLICATION_COMMAND_TOO_LARGE"),
    Rule("option.min_length", 0, 6000, f"{_COMMANDS}, Option"),
    Rule("option.max_length", 1, 6000, f"{_COMMANDS}, Option"),
    Rule("scope.slash_commands", 0, 100, f"{_COMMANDS}, Registering"),
    Rule("scope.user_commands", 0, 15, f"{_COMMANDS}, Registering"),
    Rule("scope.message_commands", 0, 15, f"{_COMMANDS}, Registering"),
    Rule("guild.creates_per_day", 0, 200, _COMMANDS, error=30034),
    Rule("poll.question", 1, 300, f"{_POLL}, Poll Media Object"),
    Rule("poll.answer", 1, 55, f"{_POLL}, Poll Media Object"),
    Rule("poll.answers", 1, 10, f"{_POLL}, Poll Answer Object"),
    Rule("poll.hours", 1, 32 * 24, f"{_POLL}, Poll Create Request Object"),
    Rule("thread.name", 1, 100, f"{_CHANNEL}, Start Thread"),
    Rule("thread.slow_seconds", 0, 21_600, f"{_CHANNEL}, Start Thread"),
    Rule("thread.tags", 0, 5, f"{_CHANNEL}, Modify Channel (Thread)"),
    Rule("thread.members", 0, 1000, f"{_CODES}, 30033", error=30033),
    Rule("guild.active_threads", 0, 1000, f"{_CODES}, 160006; ?: the number", error=160006),
    Rule("reactions.kinds", 0, 20, f"{_CODES}, 30010", error=30010),
    Rule("reactions.page", 1, 100, f"{_MESSAGE}, Get Reactions"),
    Rule("history.page", 1, 100, f"{_MESSAGE}, Get Channel Messages"),
    Rule("channel.pins", 0, 250, f"{_CODES}, 30003; resources/message, Pin Message", error=30003),
    Rule("ack.seconds", 0, 3, f"{_RECEIVING}; ?: the code", error=10062),
    Rule("token.seconds", 0, 900, f"{_RECEIVING}; ?: the code", error=50027),
    Rule("followups.user_install", 0, 5, f"{_RECEIVING}, Followup Messages", error=40094),
    Rule("rate.global", 0, 50, "D: topics/rate-limits, Global Rate Limit", error=429),
    Rule("rate.invalid", 0, 10_000, "D: topics/rate-limits, Invalid Request Limit", error=429),
    Rule("gateway.payload", 0, 4096, f"{_EVENTS}, Send Events", error=4002),
    Rule("gateway.events", 0, 120, f"{_GATEWAY}, Rate Limiting", error=4008),
    Rule("identify.per_day", 0, 1000, f"{_GATEWAY}, Identifying", error=4004),
    Rule("identify.pause_seconds", 5, 86_400, f"{_GATEWAY}, Rate Limiting: op 9", error=9),
    Rule("shard.guilds", 0, 2500, f"{_GATEWAY}, Sharding", error=4011),
    Rule("members.requested", 0, 100, f"{_EVENTS}, Request Guild Members", error=8),
    Rule("members.nonce", 0, 32, f"{_EVENTS}, Request Guild Members: a longer one is ignored", error=0),
]

RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
