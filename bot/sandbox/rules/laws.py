"""What the emulator enforces beside the bounds of `table`: who may, what goes together, what follows what.

Sources as there. `errors` are JSON error codes, HTTP statuses or gateway close codes; 0 where Discord says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Law:
    """One rule without a number: what it says, where Discord states it, and which errors its breach gets."""

    name: str
    says: str
    source: str
    errors: tuple[int, ...] = (50035,)


_MESSAGE = "D: resources/message"
_COMPONENTS = "D: components/reference"
_RECEIVING = "D: interactions/receiving-and-responding"
_COMMANDS = "D: interactions/application-commands"
_GATEWAY = "D: events/gateway"
_THREADS = "D: topics/threads"
_CHANNEL = "D: resources/channel"
_CODES = "D: topics/opcodes-and-status-codes"
_LIMITS = "D: topics/rate-limits"

_ALL = [
    Law("message.empty", "a message has content, embeds, components, files, stickers or a poll", _MESSAGE, (50006,)),
    Law("message.flags", "only the flags that a bot may set there", _MESSAGE),
    Law("message.nonce", "the same nonce with enforce_nonce returns the earlier message", _MESSAGE, (0,)),
    Law("message.reply", "a reply needs its message, unless fail_if_not_exists is false", _MESSAGE),
    Law("message.reply_blind", "a reply needs READ_MESSAGE_HISTORY", _CODES, (160002,)),
    Law("message.edit_own", "only one's own messages are edited", _MESSAGE, (50005,)),
    Law("layout.old_fields", "IS_COMPONENTS_V2 excludes content, embeds, poll and stickers", _COMPONENTS),
    Law("layout.flag_stays", "IS_COMPONENTS_V2 cannot be removed; an edit into it nulls the old fields", _COMPONENTS),
    Law("component.place", "each component stands only where its kind may", _COMPONENTS),
    Law("component.unique", "no custom_id and no id occurs twice in a message", _COMPONENTS),
    Law("button.link", "a link has a url and no custom_id, any other button a custom_id and no url", _COMPONENTS),
    Law("select.row", "a select has a row of its own; its option values differ", _COMPONENTS),
    Law("select.values", "chosen values are offered, in number and kind, and resolved", _COMPONENTS, (0,)),
    Law("callback.types", "each interaction takes its own types of first answer", _RECEIVING),
    Law("callback.once", "there is one first answer", _CODES, (40060,)),
    Law("callback.token", "a made-up token answers nothing", _RECEIVING, (10062,)),
    Law("defer.flags", "a deferral takes no flag but EPHEMERAL", _RECEIVING),
    Law(
        "ephemeral.first",
        "the first answer decides who sees it; the first followup fills the deferral",
        _RECEIVING,
        (0,),
    ),
    Law("ephemeral.hidden", "ephemeral messages are unknown to channel routes", "?: the code", (10008,)),
    Law(
        "user_install.hidden",
        "without USE_EXTERNAL_APPS a user-installed app answers privately",
        "D: topics/permissions",
        (0,),
    ),
    Law("modal.original", "a modal has no original response", _RECEIVING, (10008,)),
    Law("followup.after", "a followup needs a first answer", _RECEIVING, (10015,)),
    Law("mentions.exclusive", "parse and an id list of one kind exclude each other", _MESSAGE),
    Law("mentions.defaults", "messages ping all, interactions users only; phantom ids ping nobody", _MESSAGE, (0,)),
    Law("command.letters", "lower case letters of any script, digits, dash, underscore, apostrophe", _COMMANDS),
    Law("command.order", "required options first, names unique, choices or autocomplete", _COMMANDS),
    Law("command.unique", "one name per type and scope", _COMMANDS),
    Law("command.visible", "default_member_permissions and contexts decide who finds a command", _COMMANDS, (0,)),
    Law("option.values", "required, in bounds, of the choices; autocomplete does not bind", _COMMANDS, (0,)),
    Law("auth", "requests carry `Bot` and the token", "D: reference", (401,)),
    Law("rate.headers", "every reply carries its bucket; a 429 carries body, Retry-After and scope", _LIMITS, (429,)),
    Law("rate.interactions", "answers to interactions do not count towards the global limit", _LIMITS, (0,)),
    Law("rate.shared", "a shared 429 is nobody's fault and no invalid request", _LIMITS, (429,)),
    Law("permission.send", "SEND_MESSAGES in channels, SEND_MESSAGES_IN_THREADS in threads", _THREADS, (50013,)),
    Law(
        "permission.view",
        "a channel that one may not view is out of reach, and its events do not come",
        _CODES,
        (50001,),
    ),
    Law("permission.files", "ATTACH_FILES for files; without EMBED_LINKS embeds vanish (?)", _CODES, (50013,)),
    Law("permission.polls", "SEND_POLLS for polls", "D: topics/permissions", (50013,)),
    Law("permission.pins", "PIN_MESSAGES for pins; MANAGE_MESSAGES does not do", "D: change-log 2025-11-24", (50013,)),
    Law("direct.closed", "somebody who takes no direct messages gets none", _CODES, (50007,)),
    Law("slow_mode", "people write once in the channel's pause, bots as they like", _CHANNEL, (20016,)),
    Law("forum.message", "a forum takes posts, no messages", _CODES, (40058,)),
    Law("forum.tags", "tags are the forum's own; required ones must be there", _CODES, (40067, 40066)),
    Law(
        "thread.permission",
        "CREATE_PUBLIC_THREADS, CREATE_PRIVATE_THREADS; MANAGE_THREADS or the owner",
        _THREADS,
        (50013,),
    ),
    Law("thread.private", "a private thread is seen by its members and by MANAGE_THREADS", _THREADS, (50001,)),
    Law("thread.once", "one thread for each message, and it has the message's id", _CHANNEL, (160004,)),
    Law("thread.type", "threads are begun in text and announcement channels, posts in forums", _CHANNEL, (50024,)),
    Law("thread.archive", "60, 1440, 4320 or 10080 minutes", _CHANNEL),
    Law("thread.archived", "an archived thread takes no edit, reaction, command or member", _THREADS, (50083,)),
    Law("thread.woken", "a message wakes an archived thread, unless it is locked", _THREADS, (160005,)),
    Law("reaction.emoji", "an emoji of the guild as name:id, or a character", _MESSAGE, (10014,)),
    Law(
        "reaction.permission",
        "READ_MESSAGE_HISTORY, for a new kind ADD_REACTIONS, for others' MANAGE_MESSAGES",
        _MESSAGE,
        (50013,),
    ),
    Law("poll.edit", "a poll's message cannot be edited", "D: resources/poll", (520003,)),
    Law("poll.end", "only one's own polls are ended, and only messages with polls", _CODES, (520006, 50013)),
    Law("poll.vote", "people vote, apps do not, and nobody after the end", "D: resources/poll", (520001,)),
    Law("gateway.opcode", "known opcodes only", _CODES, (4001,)),
    Law("gateway.decode", "JSON objects with an op", _CODES, (4002,)),
    Law("gateway.identified", "IDENTIFY before anything but heartbeats, and once", _CODES, (4003, 4005)),
    Law("gateway.token", "the bot's token", _CODES, (4004,)),
    Law("gateway.sequence", "RESUME from a number that was sent", _CODES, (4007,)),
    Law("gateway.heartbeat", "a socket that stops beating is closed, its session stays resumable", _GATEWAY, (4009,)),
    Law("gateway.zombie", "a client whose heartbeats are not acknowledged reconnects and resumes", _GATEWAY, (0,)),
    Law("gateway.shard", "0 <= shard < count; a guild's events go to (id >> 22) % count", _GATEWAY, (4010,)),
    Law("gateway.version", "version 10, in JSON", _CODES, (4012,)),
    Law("gateway.intents", "assigned bits, and privileged ones only if the portal has them on", _CODES, (4013, 4014)),
    Law(
        "gateway.resume", "what was missed is replayed in order; after a goodbye or too long it is op 9", _GATEWAY, (9,)
    ),
    Law(
        "gateway.compression",
        "zlib-stream and zstd-stream share one context, payloads are packed one by one",
        _GATEWAY,
        (400,),
    ),
    Law(
        "intent.content",
        "without MESSAGE_CONTENT only own, direct and mentioning messages and menu targets are open",
        _GATEWAY,
        (0,),
    ),
    Law(
        "intent.members",
        "without GUILD_MEMBERS only the bot is listed, and members' events do not come",
        _GATEWAY,
        (0,),
    ),
    Law(
        "intent.events",
        "reactions, polls and messages come with their intents, of guilds and direct ones apart",
        _GATEWAY,
        (0,),
    ),
    Law(
        "members.intent",
        "all members are asked for with GUILD_MEMBERS only, once in 30 s",
        "D: change-log; ?: the refusal",
        (8,),
    ),
    Law(
        "guild.outage",
        "a guild that is down sends GUILD_DELETE with unavailable, and nothing until it is back",
        _GATEWAY,
        (0,),
    ),
]

LAWS: dict[str, Law] = {law.name: law for law in _ALL}
