"""What members and managers read of settings and of who may see what. Names come in already escaped."""

from __future__ import annotations

from bot.ui.language import count, say, translate

NOT_FOR_EVERYONE = (
    "**Not everyone in this channel may see that article.** Ask again with `private` set to True, and only you see the "
    "answer."
)
NOT_TO_BE_POSTED = "Not everyone in this channel may see what is quoted here, so the answer stays with you alone."
SUMMARY_PRIVATE = "Show the summary to you alone"

# Whom an article is for.
ARTICLE_SCOPE = "Choose whom an article is for: roles, channels, or everybody"
ARTICLE_TO_BIND = "The article to bind"
ADD_ROLE = "Only members with this role will see it (more with /article scope)"
ADD_CHANNEL = "Only this channel and its threads will quote it (more with /article scope)"
SCOPE_ROLES = "Roles that may see it (none: every member)"
SCOPE_CHANNELS = "Channels that may quote it (none: everywhere)"
SCOPE_OPEN = "For everybody, everywhere"
SCOPE_EVERYBODY = "Every member may see it, in every channel."
SCOPE_HINT = (
    "-# In a channel, an answer for all to see quotes it only where everybody who can look into that channel may see "
    "it. Members who manage the articles always may."
)
SCOPE_GONE = (
    "-# Some of these roles or channels do not exist any more: choose again, or nobody can use them to see the article."
)


def scope_title(title: str, number: int) -> str:
    """Head the panel that binds an article."""
    return say("**Who may see {title}** (#{number})", title=title, number=number)


def scope_roles(names: str) -> str:
    """Name the roles that an article is for."""
    return say("Members with one of these roles: {names}", names=names)


def scope_channels(names: str) -> str:
    """Name the channels that an article is for."""
    return say("In these channels and their threads: {names}", names=names)


# The panel of settings.
SETTINGS = "Settings of this server: who sees answers, how sure they must be, channels, languages, cooldowns"
SETTINGS_TITLE = (
    "## Settings\nOnly you see this. Each choice holds at once, and is remembered for this server.\n"
    "-# Whom a single article is for, you choose with `/article scope`."
)
PRIVACY_TITLE = "**Answers to commands.** A member can choose otherwise with the option `private`."
PRIVACY_MENU = "Who sees answers to commands"
PRIVACY_PUBLIC = "Answers: everyone in the channel"
PRIVACY_PRIVATE = "Answers: the asker alone"
PRIVACY_AS_SERVER = "Answers: as everywhere in this server"
WRONG_MENU = "Wrong answers at this setting"
QUOTES_TITLE = "**Quotes in an answer**, at most. Weak ones are left out anyway."
QUOTES_MENU = "Quotes in an answer"
COOLDOWN_TITLE = "**Cooldowns.** Whoever asks sooner is told once and then left waiting in silence."
MEMBER_MENU = "Cooldown of a member"
CHANNEL_COOLDOWN_MENU = "Cooldown of a channel"
LANGUAGES_TITLE = "**Languages.** Articles in these languages are searched; with none chosen, all are."
LANGUAGES_NONE = "**Languages.** No article says which language it is in, so all are searched."
LANGUAGES_MENU = "Languages that are searched (none: all)"
MANAGER_TITLE = (
    "**Article managers.** Members with this role may use `/article` too. Discord shows them the command once you "
    "allow it for the role in Server Settings, Integrations."
)
MANAGER_MENU = "A role that may manage articles (none: Manage Server only)"
CHANNELS_TITLE = "**Channels.** Choose one to set who sees answers there, and whether I answer without being mentioned."
CHANNELS_MENU = "Choose a channel or a forum to set"
POLICY_TITLE = "**Messages that do not mention me**, in this channel and its threads, and new posts of a forum."
POLICY_MENU = "When I answer without a mention"
POLICY_MENTIONED = "Only when I am mentioned"
POLICY_CONFIDENT = "When I am confident, else I stay silent"
POLICY_ALWAYS = "Always, also to say that it is not in the articles"
POLICY_NEEDS_CONTENT = (
    "-# **This does not work yet:** I may not read messages that do not mention me. Whoever runs me has to switch on "
    "*Message Content Intent* (Discord Developer Portal, your application, Bot, Privileged Gateway Intents), set "
    "`discord.message_content = true` and restart me. Everything else works without it."
)
BACK = "Back to all settings"
NOT_OFFERED = "That choice is not offered any more. Open the panel again with /settings."

LANGUAGE_NAMES = {
    "am": "Amharic", "kn": "Kannada", "km": "Khmer", "lo": "Lao", "ml": "Malayalam", "mr": "Marathi", "my": "Burmese",
    "ne": "Nepali", "pa": "Punjabi", "si": "Sinhala",
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def wrong_title(rate: str) -> str:
    """Head the threshold. ``rate`` is such as "1 in 100"."""
    return say(
        "**Wrong answers at this setting: about {rate}.** So many questions about something else than the articles "
        "get an answer all the same. Fewer wrong answers mean that more right ones are withheld.",
        rate=rate,
    )


def wrong_option(rate: str) -> str:
    """Offer a threshold."""
    return say("Wrong answers: about {rate}", rate=rate)


def as_operator(what: str) -> str:
    """Offer what the operator chose; ``what`` is one of the sentences here."""
    return say("As whoever runs me chose: {what}", what=translate(what))


def rate(in_100: float) -> str:
    """Write a rate in whole numbers."""
    if in_100 >= 1 or not in_100:
        return say("{share:g} in 100", share=in_100)
    return say("1 in {many:,}", many=round(100 / in_100))


def quotes_option(number: int) -> str:
    """Offer a number of quotes."""
    return count("1 quote", "Up to {count} quotes", number)


def member_cooldown(seconds: int) -> str:
    """Offer a member's cooldown."""
    if not seconds:
        return say("A member: no cooldown")
    return say("A member: {duration} between questions", duration=_duration(seconds))


def channel_cooldown(seconds: int) -> str:
    """Offer a channel's cooldown."""
    if not seconds:
        return say("A channel: no cooldown")
    return say("A channel: {duration} between questions", duration=_duration(seconds))


def _duration(seconds: int) -> str:
    if seconds < 60 or seconds % 60:
        return count("1 second", "{count:,} seconds", seconds)
    return count("1 minute", "{count:,} minutes", seconds // 60)


def language_option(code: str) -> str:
    """Name a language."""
    return translate(LANGUAGE_NAMES.get(code, code))


def language_count(number: int) -> str:
    """Say how many articles are in a language."""
    return count("1 article", "{count:,} articles", number)


def channel_title(mention: str) -> str:
    """Head the settings of a channel."""
    return f"## {mention}"


def channel_line(mention: str, *settings: str | None) -> str:
    """Sum up the settings of a channel that are not the usual ones."""
    return " · ".join([mention, *(translate(part) for part in settings if part)])


def more_channels(number: int) -> str:
    """Say that more channels have settings of their own."""
    return count("-# and 1 more", "-# and {count:,} more", number)


def cannot_write(mentions: str) -> str:
    """Name channels that are to be answered in, where the bot cannot."""
    return say(
        "**I cannot answer in {mentions}:** let me view these channels and send messages (also in threads) there.",
        mentions=mentions,
    )
