"""What is offered with quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.engine.records.answers import Quote
from bot.engine.records.articles import Article
from bot.ui.anchors import Anchor
from bot.ui.buttons import AnswerButton, Press, Verb, join_more
from bot.ui.layout import Card


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered with quotes: buttons, links to the sentence, and the proof that the articles hold them.

    ``articles``: the quoted ones by id; a quote that its article does not hold is dropped. ``nearest``: the closest
    passage where nothing answers. ``can_post``: whether the reader may want to show the answer to others. ``asker``:
    the member whose answer this is, where it can be removed. ``guild``: whose articles they are, in direct messages.
    ``question``: its number, 0 where it is not kept, None where these are not a question's quotes; ``shown``: how many
    passages were shown before these.
    """

    articles: Mapping[int, Article]
    nearest: Quote | None = None
    can_post: bool = False
    asker: int | None = None
    guild: int | None = None
    question: int | None = None
    shown: int = 0

    def anchor(self, quote: Quote) -> Anchor | None:
        """Return how a button remembers the quote, or None where its article does not hold it."""
        article = self.articles.get(quote.article.id)
        if article is None or not quote.text or article.text[quote.start : quote.end] != quote.text:
            return None
        return Anchor.of(quote, article)

    def neighbours(self, quote: Quote, anchor: Anchor, number: int, *, first: bool, last: bool) -> list[AnswerButton]:
        """Make the buttons below a quote's first part, its last part, or both; greyed where the article ends."""
        earlier, later = (Press(verb, (anchor,), number, self.guild) for verb in (Verb.EARLIER, Verb.LATER))
        buttons = [AnswerButton(earlier, disabled=quote.position <= 1)] if first else []
        return buttons + ([AnswerButton(later, disabled=quote.position >= quote.passage_count)] if last else [])

    def closing_rows(self, anchors: Sequence[Anchor]) -> list[Card]:
        """Draw the rows of buttons below the last quote."""
        return [*self.question_rows(), self.closing_row(anchors)]

    def question_rows(self) -> list[Card]:
        """Draw what can be done about the question: vote where it is kept, see more, follow up."""
        if self.question is None:
            return []
        presses = [Press(Verb.HELPFUL, number=self.question, guild=self.guild)] if self.question else []
        presses += [Press(Verb.NOT_HELPFUL, number=self.question, guild=self.guild)] if self.question else []
        presses.append(Press(Verb.MORE, number=join_more(self.question, self.shown), guild=self.guild))
        presses.append(Press(Verb.FOLLOW_UP, number=self.question, guild=self.guild))
        return [Card((), None, tuple(AnswerButton(press) for press in presses))]

    def closing_row(self, anchors: Sequence[Anchor]) -> Card:
        """Draw the buttons that are about the whole answer."""
        about = tuple(anchors)
        presses = [Press(Verb.SOURCE, about, guild=self.guild), Press(Verb.VERIFY, about, guild=self.guild)]
        if self.can_post:
            presses.append(Press(Verb.POST, about, guild=self.guild))
        if self.asker is not None:
            presses.append(Press(Verb.REMOVE, number=self.asker))
        return Card((), None, tuple(AnswerButton(press) for press in presses))

    def remove_row(self) -> Card | None:
        """Draw what takes an earlier message of a long answer away, or None where the answer stays."""
        return None if self.asker is None else Card((), None, (AnswerButton(Press(Verb.REMOVE, number=self.asker)),))
