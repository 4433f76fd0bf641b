"""The words by which page chrome gives itself away (English; a line of another language says nothing and is kept)."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.engine.ingest.characters import ends_with_stop

_MAX_CHARACTERS = 400
_MAX_WORDS = 45
_MAX_LINK_WORDS = 24


class Cue(Enum):
    """What the words of one line say, before its neighbours are asked.

    ``CHROME`` (a label, a button) and ``OFFER`` (a sentence: a newsletter, cookies) are chrome wherever they stand;
    ``NAVIGATION`` and ``CALL`` (to act) only among other chrome, for they may as well head a section or open an essay;
    ``RELATED`` opens a list of links.
    """

    NONE = auto()
    CHROME = auto()
    OFFER = auto()
    NAVIGATION = auto()
    CALL = auto()
    RELATED = auto()


def _any_of(alternatives: str, tail: str = "") -> re.Pattern[str]:
    """Compile alternatives written over several lines, each line complete in itself."""
    joined = "|".join(line.strip() for line in alternatives.strip().splitlines())
    return re.compile(f"(?:{joined}){tail}", re.IGNORECASE)


_NETWORK = (
    "(?:facebook|twitter|x|instagram|linkedin|whatsapp|reddit|pinterest|youtube|tiktok|telegram|messenger|e-?mail"
    "|print|copy link|rss|mastodon|bluesky|threads)"
)
_BUTTON = (
    "(?:share|save|like|follow|reply|report|flag|bookmark|hide|upvote|downvote|permalink|tweet|print|e-?mail|edit"
    "|delete|comments?|give award)"
)
_COUNTED = rf"(?:\d[\d.,]*[km]?|{_BUTTON}|shares|likes|{_NETWORK})"
_TAIL = r"[\s.!>›»→:▾▼…×✕+-]*\Z"

_CHROME_LINE = _any_of(
    rf"""
    (?:skip|jump) to (?:the )?(?:main )?(?:content|navigation|main|footer|search)
    menu close|open menu|close menu|toggle (?:navigation|menu|search|sidebar|dark mode)
    sign up(?: (?:now|free|today))|register now|subscribe(?: now| today)?|create (?:an )?account|sign in / register
    share(?: (?:this|on|via) .{{1,40}})?|tweet(?: this)?|retweet|pin it|copy link|print this(?: .{{1,12}})?
    (?=.*[a-z]{{3}})(?:{_COUNTED}[ /|·•]+)+{_COUNTED}|{_NETWORK}(?:(?:[ ,/|·•]+| and ){_NETWORK})+
    (?:facebook|twitter|instagram|linkedin|whatsapp|pinterest|tiktok)
    (?:follow us|find us|like us|connect(?: with us)?) on .{{1,60}}|follow us|connect with us
    advertisement|advert|ad|sponsored(?: content| links?)?|promoted|(?:story|article) continues (?:below|after).{{0,30}}
    continue reading(?: below| the main story)?|read more|show (?:more|less|all|full text)|see more|load more(?: \w+)?
    view (?:all|more)(?: comments| stories)?|click (?:here|to (?:view|enlarge|expand|play|listen|see))(?: .{{1,40}})?
    scroll (?:down|up)(?: (?:for|to) .{{1,30}})?
    (?:back|return|scroll) to (?:the )?top|(?:previous|next|older|newer) (?:article|post|story|page)s?
    (?:accept|reject|allow|decline)(?: all)?(?: cookies)?|(?:accept|reject|allow|manage) (?:all|cookies|preferences)
    cookie (?:settings|preferences)|manage (?:cookies|consent|preferences|settings)|we value your privacy
    do not sell (?:or share )?my .{{1,40}}|all rights reserved|(?:copyright )?(?:©|\(c\)|&copy;) ?\d{{4}}.{{0,80}}
    copyright \d{{4}}.{{0,60}}|powered by (?:wordpress|ghost|disqus|shopify|blogger|drupal|hugo|jekyll).{{0,20}}
    leave a (?:comment|reply)|post a comment|add a comment|join the (?:conversation|discussion)
    (?:view |show )?\d[\d,.]*k? (?:comments?|replies|shares?|likes?|views?|retweets?|votes?|points?)
    no comments(?: yet)?|comments? ?\(\d+\)|(?:your )?e-?mail address\*?|enter your e-?mail(?: address)?.{{0,30}}
    listen to (?:this )?(?:article|story)(?:.{{0,20}})|play (?:video|audio)|loading
    was this (?:page|article|answer|section) (?:helpful|useful)\??.{{0,12}}|edit (?:this page|on github).{{0,20}}
    download (?:our|the) (?:\w+ )?app.{{0,30}}|get the app|(?:thanks|thank you) for (?:subscribing|signing up)
    view (?:this (?:e-?mail|newsletter) )?in (?:your )?browser
    republish this article|site ?map|advertise with us|jump to (?:recipe|comments)|(?:print|pin|rate this) recipe
    home ?[›»>/|] .{{1,120}}
    """,
    _TAIL,
)
_OFFER = _any_of(
    r"""
    (?:sign up|subscribe|register) (?:to|for|now|here|today|and get)\b.*\b(?:newsletters?|e-?mails?|inbox|alerts)\b
    (?:get|receive) .*\b(?:in|to|into) your inbox\b|.*\b(?:sent|delivered) (?:straight |right )?to your inbox\b
    (?:join|follow) us on (?:facebook|twitter|x|instagram|linkedin|youtube|telegram|whatsapp)\b
    (?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b.*\b(?:you accept|you agree|you consent|click|accept all)\b
    by (?:continuing|clicking)\b.*\bcookies\b
    (?:your )?e-?mail address will not be published\b|required fields are marked\b|.*\ball rights reserved\.?\Z
    you(?:['’]re| are) (?:receiving|getting) this (?:e-?mail|newsletter|message)\b
    (?:please )?(?:enable|turn on) javascript\b|you (?:must|need to) be logged in to\b
    (?:already|not) (?:a |an )?(?:subscriber|member)\?|(?:don['’]t|do not) have an account\?
    """,
)
_CALL = _any_of(
    r"""
    write an article|become a (?:member|subscriber|patron|supporter|contributor)|support (?:us|our|independent)\b
    join (?:us|our|the|a growing|over|more than|\d[\d,]*)\b|donate\b|make a (?:donation|contribution)
    sign up\b|subscribe\b|register\b|follow (?:us|our|@)|want (?:to \w+|more|our)\b[^.!]{0,60}\?
    (?:like|enjoy(?:ed|ing)?|lov(?:e|ed|ing)) (?:this|what)\b
    (?:have|got) (?:a|an|any) (?:story|tip|question|comment|news|idea)\b
    (?:don['’]t|never) miss\b|get (?:our|the latest|more|unlimited|full|started|in touch|\d+%)
    try (?:it |us )?(?:free|now|today)\b|start your (?:free )?trial\b|(?:buy|order) now\b|shop (?:now|all)\b
    book (?:now|your)\b|contact us\b|e-?mail us\b|send (?:us|your)\b|tell us\b|let us know\b|share your\b
    download (?:our|the|now)\b|click\b|tap\b|visit our\b|check out (?:our|these|more)\b|share the\b
    by (?:signing up|subscribing|clicking|continuing|registering|entering)\b|learn more\b|find out more\b
    (?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b|we (?:care about|respect) your privacy\b|no spam\b
    unsubscribe\b|you can unsubscribe\b|add your (?:voice|comment)|stay (?:informed|connected|up to date|in touch)\b
    thank(?:s| you) for\b|help us\b|your support\b|this (?:story|article|post) (?:was originally|first appeared)\b
    """,
)
_NAVIGATION = _any_of(
    rf"""
    home|news|world|politics|business|sports?|culture|opinion|lifestyle|travel|weather|videos?|podcasts?|about(?: us)?
    contact(?: us)?|search|help|faqs?|support|blog|shop|store|cart|basket|careers|jobs|press|events|donate|archives?
    categories|tags?|topics|sections|latest|trending|popular|comments?|close|open|more|back|edition|language|english
    newsletters?|community|products?|pricing|docs|documentation|features|resources|downloads?|explore|discover
    profile|settings|accessibility|imprint|legal|disclaimer|science|health|technology|tech|arts|books|music|film|tv
    food|style|education|environment|money|recipes|local|live|games|puzzles|obituaries|classifieds|quote|partners
    (?:main )?menu|sign in|log ?in|log ?out|sign up|register|my account|next|previous|print|play|yes|no|ok|«|»
    privacy(?: (?:policy|notice|statement|settings))?|terms(?: (?:of (?:use|service)|and conditions|& conditions))?
    cookie (?:policy|notice)|cookies|on this page|in this article|table of contents|contents|disclosure statement
    filed under.{{0,60}}|tagged.{{0,60}}|(?:tags?|categor(?:y|ies)|topics?): .{{1,80}}
    {_BUTTON}|{_NETWORK}
    """,
    _TAIL,
)
_RELATED = _any_of(
    r"""
    related(?: (?:articles?|stories|posts?|content|links?|topics|reading|news|coverage|questions))?
    you (?:may|might) also (?:like|enjoy|be interested in)|more (?:from|in) .{1,40}|more (?:stories|news|like this)
    read (?:next|also)|up next|recommended(?: (?:for you|reading|stories|articles))?
    most (?:read|popular|viewed|shared)|trending (?:now|stories)|popular (?:posts|stories|articles|now)
    latest (?:news|stories|posts|articles|from .{1,30})|recent (?:posts|articles|stories|comments)
    editors?['’]?s? picks?|top stories|(?:from )?around the web|from our partners|don['’]t miss
    what to read next|keep reading|explore more
    """,
    r"[\s:>›»→]*\Z",
)
_LINK = re.compile(
    r"(?:read (?:more|next|also)|related(?: \w+)?|see more|watch|listen|more on this(?: story)?|also read|recommended)"
    r"\s?(?::|›|>|»|→|\|)\s?\S",
    re.IGNORECASE,
)
_PIPE = re.compile(r"\s[|•·»›]\s")


def find_cue(text: str, words: int) -> Cue:
    """Return what the words of one block say; long blocks say nothing, for their words are their own."""
    if len(text) > _MAX_CHARACTERS or words > _MAX_WORDS:
        return Cue.NONE
    if _CHROME_LINE.match(text):
        return Cue.CHROME
    if _OFFER.match(text):
        return Cue.OFFER
    is_link = words <= _MAX_LINK_WORDS and not ends_with_stop(text)
    if is_link and _LINK.match(text):
        return Cue.CHROME
    if _RELATED.match(text):
        return Cue.RELATED
    if _NAVIGATION.match(text) or (is_link and len(_PIPE.findall(text)) >= 2):
        return Cue.NAVIGATION
    return Cue.CALL if _CALL.match(text) else Cue.NONE
