"""Every error a caller of the engine can expect.

EngineError
├── BadQuery            the question is empty or too long
├── NotFound            no such article
├── Ambiguous           the title fits several articles
├── NoArticles          the guild has no articles yet
├── FetchFailed         the page at a web address cannot be had, or not without signing in, paying or agreeing
├── ExtractFailed       the source holds no readable or no quotable text
├── TooLarge            the source is over a limit
├── LibraryFull         the guild holds as much as it may
├── Unsupported         the source is of a kind that cannot be read (yet)
├── EncoderMismatch     the store was made with another encoder
├── EncoderUnavailable  the encoder's files are missing or damaged
├── StoreUnavailable    the store cannot be opened, is damaged, locked, or of a newer version
├── BadSetting          a guild cannot be set that way
├── BadQuestionSet      a question set for evaluation cannot be read as one
├── QuoteMismatch       a passage's text is not what was stored (it is dropped, never shown)
└── Busy                too much is waiting
"""

from __future__ import annotations


class EngineError(Exception):
    """An expected failure. Its message is one sentence or two, safe to show, that names the next step."""

    @property
    def user_message(self) -> str:
        """The text to show to a person."""
        return str(self)


class BadQuery(EngineError):
    """The question is empty or too long."""


class NotFound(EngineError):
    """No such article."""


class Ambiguous(EngineError):
    """The title fits several articles."""


class NoArticles(EngineError):
    """The guild has no articles yet."""


class FetchFailed(EngineError):
    """The page at a web address cannot be had."""


class ExtractFailed(EngineError):
    """The source holds no readable or no quotable text."""


class TooLarge(EngineError):
    """The source is over a limit."""


class LibraryFull(EngineError):
    """The guild holds as much as it may."""


class Unsupported(EngineError):
    """The source is of a kind that cannot be read."""


class EncoderMismatch(EngineError):
    """The store was made with another encoder."""


class EncoderUnavailable(EngineError):
    """The encoder's files are missing or damaged."""


class StoreUnavailable(EngineError):
    """The store cannot be opened, is damaged, locked, or of a newer version."""


class BadSetting(EngineError):
    """A guild cannot be set that way: the message names what is allowed."""


class BadQuestionSet(EngineError):
    """A question set for evaluation cannot be read as one: the message names file, line and what is expected."""


class QuoteMismatch(EngineError):
    """A passage's text is not what was stored."""


class Busy(EngineError):
    """Too much is waiting."""
