"""What an answer is when it is not the page: an error, a wall to pay at, to sign in at, or to agree at.

The markers are conservative: a page is taken for a wall only where it says so in a way that pages made for reading do
not. Whatever slips through is stored as what it shows, and an admin sees it in the preview.
"""

from __future__ import annotations

import re

from yarl import URL

from bot.engine.errors import FetchFailed
from bot.engine.ingest.fetch.urls import INSTEAD

_REASONS = {
    401: "it wants a sign-in",
    402: "it wants to be paid",
    403: "it is not open to this bot",
    404: "there is no such page",
    407: "a proxy wants a sign-in",
    410: "the page is gone",
    429: "too many requests; try again in an hour",
    451: "it is withheld for legal reasons",
}
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|guce)\.")
_CONSENT_PATH = re.compile(r"/(?:collectconsent|cookie-?consent|cookie-?wall|gdpr-?consent)(?:[/.?]|$)", re.IGNORECASE)
_LOGIN_PATH = re.compile(
    r"/(?:log[_-]?in|sign[_-]?in|logon|sso|saml2?|oauth2?/authorize|authorize|wp-login\.php)(?:[/.?]|$)", re.IGNORECASE
)
_LOGIN_HOST = re.compile(r"^(?:login|signin|sso|auth|accounts?|idp)\.")
_NOT_FREE = re.compile(rb'"isAccessibleForFree"\s{0,5}:\s{0,5}"?false', re.IGNORECASE)
_PASSWORD_FIELD = re.compile(rb"<input[^>]{0,300}type\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)
_SCRIPT_WALL = re.compile(rb"enable javascript|javascript is (?:disabled|required)|turn on javascript", re.IGNORECASE)
_CONSENT_WALL = re.compile(
    rb"before you continue|accept (?:all )?cookies|consent to (?:the use of )?cookies", re.IGNORECASE
)
_HUMAN_WALL = re.compile(rb"verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|captcha", re.IGNORECASE)

_INSPECTED = 262_144
_FEW_WORDS = 80
_TEASER_WORDS = 250


def check_status(status: int, headers: dict[str, str]) -> None:
    """Raise FetchFailed for an answer that is an error, saying which."""
    if status == 200:
        return
    if headers.get("cf-mitigated", "").lower() == "challenge":
        raise FetchFailed(f"The page wants proof of a human reader (it answered {status}). {INSTEAD}")
    if status in _REASONS:
        next_step = "Check the address." if status in (404, 410) else INSTEAD
        raise FetchFailed(f"The page answered {status}: {_REASONS[status]}. {next_step}")
    if status >= 500:
        raise FetchFailed(f"The page answered {status}: its server has a problem. Try again later. {INSTEAD}")
    raise FetchFailed(f"The page answered {status} and not with its text. Check the address. {INSTEAD}")


def check_place(asked: URL, final: URL) -> None:
    """Raise FetchFailed where redirects led from the page to a place for agreeing or signing in."""
    if asked == final:
        return
    host, path = final.raw_host or "", final.raw_path
    if _CONSENT_HOST.search(host) or _CONSENT_PATH.search(path):
        raise FetchFailed(f"The page wants agreement to cookies before it shows its text. {INSTEAD}")
    was_login = _LOGIN_PATH.search(asked.raw_path) or _LOGIN_HOST.search(asked.raw_host or "")
    if not was_login and (_LOGIN_PATH.search(path) or (_LOGIN_HOST.search(host) and host != asked.raw_host)):
        raise FetchFailed(f"The page can be read only after signing in. {INSTEAD}")


def check_html(data: bytes) -> None:
    """Raise FetchFailed where a page shows hardly anything and says that it is a wall."""
    head = data[:_INSPECTED]
    words = count_shown_words(head)
    if words < _TEASER_WORDS and _NOT_FREE.search(head):
        raise FetchFailed(f"The page shows only its beginning to readers who have not paid. {INSTEAD}")
    if words >= _FEW_WORDS:
        return
    if _HUMAN_WALL.search(head):
        raise FetchFailed(f"The page wants proof of a human reader before it shows its text. {INSTEAD}")
    if _PASSWORD_FIELD.search(head):
        raise FetchFailed(f"The page can be read only after signing in. {INSTEAD}")
    if _CONSENT_WALL.search(head):
        raise FetchFailed(f"The page wants agreement to cookies before it shows its text. {INSTEAD}")
    if _SCRIPT_WALL.search(head):
        raise FetchFailed(f"The page shows its text only in a browser that runs its scripts. {INSTEAD}")


def count_shown_words(data: bytes) -> int:
    """Count the words outside tags, scripts and styles, roughly and in linear time."""
    count, hidden = 0, b""
    for index, piece in enumerate(data.split(b"<")):
        tag, closes, text = piece.partition(b">") if index else (b"", b">", piece)
        name = tag[:10].lower()
        if hidden:
            if not name.startswith(b"/" + hidden):
                continue
            hidden = b""
        else:
            hidden = next((kind for kind in (b"script", b"style", b"template") if name.startswith(kind)), b"")
        if not hidden and closes:
            count += len(text.split())
    return count
