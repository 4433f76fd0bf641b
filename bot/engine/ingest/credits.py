"""Lines about the article or about a picture: bylines, dates, photo credits, captions (English cues)."""

from __future__ import annotations

import re
from enum import Enum, auto

_MAX_WORDS = 16
_MAX_CAPTION_WORDS = 60

_AGENCIES = (
    r"(?:Alamy(?: Stock Photo| Live News)?|Getty(?: Images)?|Shutterstock|iStock(?:photo)?|AFP|AP(?: Photo| Images)?"
    r"|Associated Press|Reuters|EPA(?:-EFE)?|EFE|ANSA|dpa|PA(?: Media| Wire| Images)?|Xinhua|TASS|Bloomberg|Unsplash"
    r"|Pexels|Pixabay|Flickr|Wikimedia(?: Commons)?|Wikipedia|Creative Commons|Adobe Stock|Depositphotos|Dreamstime"
    r"|Rex(?: Features)?|Magnum(?: Photos)?|Zuma(?: Press)?|Imago|NurPhoto|SOPA Images|Anadolu(?: Agency)?|EyeEm"
    r"|Corbis|CC[ -]BY(?:-(?:SA|NC|ND))*(?: \d\.\d)?|CC0|[Pp]ublic [Dd]omain)"
)
_NAMES = r"(?:[A-Z][\w.'’-]*[\s/|,&©]+){0,6}"

_CREDIT = re.compile(
    rf"(?:[^.!?]{{0,80}}(?:/|\||\bvia\b|©|–|—)\s?|[^.!?,]{{0,40}},\s)?{_AGENCIES}\.?\Z"
    rf"|[(\[][^()]{{0,60}}\b{_AGENCIES}\b[^()]{{0,30}}[)\]]\Z"
    rf"|{_AGENCIES}[/:]\s?[^.!?]{{1,40}}\Z"
    r"|(?i:[(\[]?(?:featured )?(?:photo(?:graph(?:er)?)?|image|picture|illustration|graphic|video|credit|artwork)s?"
    r"(?: credits?| courtesy(?: of)?| by| source)?\s?(?::|©|\bby\b|\bcourtesy of\b)\s*"
    r"(?:[^.!?]|\.(?=\w)){1,80}[)\]]?\.?\Z)"
    r"|(?i:(?:data |image |photo )?sources?: \S+(?: \S+){0,4}(?<![.!?])\Z)"
    r"|(?i:[(\[]?courtesy of [^.!?]{1,60}[)\]]?\Z)"
    r"|©\s?(?!\s*\d{4})[^.!?]{2,60}\Z"
)
# A sentence and then the agency with no stop after it: "… in Beijing. Foreign Ministry/Alamy", "… in May (AP/Jo Doe)".
# A sentence and then a person and a paper: "… at noon. Joan Marrick/Ellerby Courier".
_CREDITED_CAPTION = re.compile(
    r"[.!?…]['\"”’)]?\s+(?:[A-Z][\w.'’-]*\s){1,3}[A-Z][\w.'’-]*/[A-Z][\w'’&-]*(?:\s[A-Z][\w'’&-]*){0,4}\Z"
    rf"|[.!?…]['\"”’)]?\s+(?:[(\[]?(?:{_NAMES}{_AGENCIES}|{_AGENCIES}[/:][^.!?]{{1,40}})[)\]]?|©[^.!?]{{1,60}})\Z"
    rf"|\s[(\[](?:[^()]{{0,50}}[/:]\s?{_AGENCIES}|{_AGENCIES}[/:][^()]{{1,40}}"
    r"|(?:Photo|Image|Picture)(?: credit| by)?[: ][^()]{1,60}|Credit: [^()]{1,60})[)\]]\.?\Z"
    r"|\s(?:Photo|Photograph|Image|Picture|Credit):\s[^.!?]{1,50}\Z"
    rf"|[^\s.!?…]['\"”’]?\s[(\[](?:{_AGENCIES}|(?:[Pp]hoto )?[Cc]ourtesy[^()]{{1,60}}|[A-Z]\w+/[A-Z]\w+)[)\]]\Z"
)
_CAPTION = re.compile(
    r"(?:Fig(?:ure|\.)?|Photo|Image|Picture|Plate|Chart|Map|Graph|Exhibit|Illustration|Diagram|Video|Infographic)"
    r"\s?\d{1,3}[a-z]?\s?[.:–—|]\s"
    r"|(?:Image|Photo|Picture|Video|Media) (?:caption|description)[:, ]"
    r"|A (?:photo|video|post) (?:posted|shared) by .{1,80} on [A-Z][a-z]{2}"
    r"|Pictured(?: (?:left|right|above|below))?: "
)
_BYLINE = re.compile(
    r"(?:(?:[Ww]ritten|[Pp]osted|[Pp]ublished|[Rr]eported|[Ww]ords|[Tt]ext|[Ss]tory|[Rr]eviewed|[Ee]dited"
    r"|[Tt]ranslated|[Ii]nterview) )?[Bb][Yy]:? "
    r"[A-Z][\w.'’-]*(?:,? (?:and |& |van |von |de |der |den |la |le |al |bin )?[A-Z][\w.'’-]*){0,7}"
    r"(?:,? ?[|,•·–—-] ?[^.!?]{0,60})?\Z"
)

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_MOMENT = (
    rf"(?:{_DAY},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}"
    r"(?:,? \d{4})?|\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[/.]\d\d?[/.]\d{2,4})"
    r"(?:,? ?(?:at |[-–—|•·] ?)?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?)?"
)
_DATE = re.compile(
    r"(?:(?:first |originally |last )?(?:published|posted|updated|modified|created|date)(?: on| at)?:? )?"
    rf"(?:{_MOMENT}|\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago)"
    rf"(?: ?[|•·–—-] ?(?:(?:last )?updated:? )?(?:{_MOMENT}|.{{0,30}}\bread)"
    r"| ?[|•·–—-]? ?\d[\d.,]*k? (?:share|view)s?)?\Z"
    r"|(?:estimated )?(?:reading|read) time:? .{1,20}\Z|\d+[ -]?min(?:ute)?s?(?: read| to read)\Z",
    re.IGNORECASE,
)


_UPDATE = re.compile(r"(?:last )?(?:updated|modified|revised)\b", re.IGNORECASE)
_ORGANISATION = re.compile(r"[A-Z][\w.'’&/-]*(?:\s(?:of|the|and|for|de|[A-Z&][\w.'’&/-]*)){1,6}\Z")


def may_be_source(text: str) -> bool:
    """Say whether a line is nothing but a name of several words, as the source under a picture's description is."""
    return _ORGANISATION.match(text) is not None and not text.endswith(".")


class About(Enum):
    """What a line is about when it is not part of the body.

    ``UPDATE`` is the date of the last change, which in a policy or a manual is a fact to be asked for.
    """

    BYLINE = auto()
    DATE = auto()
    UPDATE = auto()
    CREDIT = auto()
    CAPTION = auto()


def find_about(text: str, words: int) -> About | None:
    """Return what one short line of ``words`` words is about, or None where it may be body."""
    if words <= _MAX_WORDS:
        if _BYLINE.match(text):
            return About.BYLINE
        if _DATE.match(text):
            return About.UPDATE if _UPDATE.match(text) else About.DATE
        if _CREDIT.match(text):
            return About.CREDIT
    if words <= _MAX_CAPTION_WORDS and (_CAPTION.match(text) or _CREDITED_CAPTION.search(text)):
        return About.CAPTION
    return None
