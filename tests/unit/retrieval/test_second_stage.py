"""Late interaction and the ranker behind the first stage, over hashed vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.ports.encoders import EncodedQuery, EncoderIdentity
from bot.engine.retrieval.answer_types import AnswerType, find_asked_type, find_types
from bot.engine.retrieval.corpus_index import CorpusIndex
from bot.engine.retrieval.features import FEATURES
from bot.engine.retrieval.late_interaction import Matches, match_rows, weigh_pieces
from bot.engine.retrieval.ranker import RANKER_FILE, USUAL_SPREADS, open_ranker
from bot.engine.retrieval.retriever import Retrieval, Retriever
from tests.unit.retrieval.shelf import ENCODER, Shelf, make_passage, make_segment

FOXES = [["Foxes dig dens under old trees.", "A den has two exits."], ["Rabbits live in warrens.", "They are fast."]]
MOON = [["The moon circles the earth in 27 days."], ["Tides follow the moon.", "Sailors know the tide tables."]]
OWLS = [["Owls hunt at night."], ["Their dens are hollow trees with two exits."], ["Foxes fear owls."]]
QUESTIONS = ("How many exits does a den have?", "When do owls hunt?", "tide tables", "the", "Who?", "zzz 27")


def fill(*articles: list[list[str]]) -> tuple[Shelf, CorpusIndex]:
    """Return a store with articles, numbered from 1, and its index."""
    shelf, index = Shelf(), CorpusIndex(1, 64)
    for article_id, article in enumerate(articles, start=1):
        segment = make_segment(article)
        shelf.put(article_id, segment.core, segment.tokens)
    index.update(shelf)
    return shelf, index


def search(index: CorpusIndex, text: str, shelf: Shelf | None, **options: object) -> Retrieval:
    """Search with hashed vectors."""
    return Retriever().search(index, text, ENCODER.encode_query(text), top_k=10, tokens=shelf, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_cache_changes_nothing(question: str) -> None:
    """The same question gives the same result from the store, from the cache, and from a cache that holds one only."""
    shelf, index = fill(FOXES, MOON, OWLS)
    tight = CorpusIndex(1, 64, token_bytes=1)
    tight.update(shelf)
    first = search(index, question, shelf)
    reads = shelf.token_reads
    assert reads == 3
    assert search(index, question, shelf) == first
    assert shelf.token_reads == reads
    assert search(tight, question, shelf) == first == search(tight, question, shelf)
    assert shelf.token_reads > reads + 3


def test_tokens_decide_where_words_are_equal() -> None:
    """Late interaction has a say: scores with token vectors are not those of the first stage."""
    shelf, index = fill(FOXES, MOON, OWLS)
    with_tokens, without = search(index, QUESTIONS[0], shelf), search(index, QUESTIONS[0], None)
    assert {hit.score for hit in with_tokens.hits} != {hit.score for hit in without.hits}
    assert (with_tokens.hits[0].article_id, with_tokens.hits[0].position) == (1, 1)


@pytest.mark.parametrize("lost", [None, b"", b"rubbish"])
def test_articles_without_tokens_are_ranked_by_the_first_stage(lost: bytes | None) -> None:
    """Where one candidate has no readable token vectors, the result is that of the first stage, not an error."""
    shelf, index = fill(FOXES, MOON, OWLS)
    shelf.tokens[2] = lost
    for question in QUESTIONS:
        assert search(index, question, shelf) == search(index, question, None)
    # The others' own questions still use theirs.
    assert search(index, QUESTIONS[0], shelf, article_ids=[1]) != search(index, QUESTIONS[0], None, article_ids=[1])


def test_absent_tokens_are_not_asked_for_again() -> None:
    """An article known to have none costs no second read until the guild changes."""
    shelf, index = fill(FOXES)
    full = shelf.tokens[1]
    shelf.tokens[1] = None
    search(index, "dens", shelf)
    search(index, "dens", shelf)
    assert shelf.token_reads == 1
    segment = make_segment(MOON)
    shelf.put(2, segment.core, segment.tokens)
    shelf.tokens[1] = full
    index.update(shelf)
    search(index, "dens", shelf, article_ids=[1])
    assert shelf.token_reads == 2
    assert index.tokens.nbytes > 0


def test_a_store_that_cannot_be_read_falls_back() -> None:
    """A failing read of token vectors is logged and does without them."""

    class Failing(Shelf):
        def token_segment(self, guild: int, article_id: int) -> bytes | None:
            raise StoreUnavailable("The disk is gone.")

    _, index = fill(FOXES)
    assert search(index, "dens", Failing()) == search(index, "dens", None)


def test_a_changed_article_brings_its_own_tokens() -> None:
    """After an update the cache gives the new text's vectors; before it, never vectors of a text not indexed."""
    shelf, index = fill(FOXES, OWLS)
    search(index, "dens", shelf)
    segment = make_segment(MOON)
    shelf.put(1, segment.core, segment.tokens)
    stale = CorpusIndex(1, 64)
    stale.update(fill(FOXES, OWLS)[0])
    assert search(stale, "dens", shelf) == search(stale, "dens", None)
    index.update(shelf)
    fresh_shelf, fresh = fill(MOON, OWLS)
    assert search(index, "tide tables", shelf) == search(fresh, "tide tables", fresh_shelf)
    shelf.remove(1)
    shelf.remove(2)
    index.update(shelf)
    assert index.tokens.nbytes == 0


def test_a_query_without_tokens_uses_the_first_stage() -> None:
    """An encoder that gives no token vectors of questions is ranked without them."""
    shelf, index = fill(FOXES)
    bare = EncodedQuery(ENCODER.encode_query("dens").embedding, None, ())
    found = Retriever().search(index, "dens", bare, top_k=3, tokens=shelf)
    assert found.hits == search(index, "dens", None).hits


def test_pieces_find_their_sentence() -> None:
    """A piece's best match lies in the sentence that has its word."""
    shelf, index = fill(FOXES)
    query = ENCODER.encode_query("two exits")
    matches = match_rows(index, index.snapshot, shelf, np.array([0, 1]), "two exits", query)
    assert matches is not None
    assert matches.pieces.shape == (4, 2)
    assert matches.sentences.argmax() == 1
    assert matches.cut(2, 4).pieces.tolist() == matches.pieces[2:].tolist()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("When was Überlingen founded?", ("when", "was", "uber", "##ling", "##en", "founded", "?")),
        ("When was Überlingen founded?", ("▁When", "▁was", "▁Über", "lingen", "▁founded", "?")),
    ],
)
def test_pieces_weigh_what_their_word_weighs(text: str, pieces: tuple[str, ...]) -> None:
    """All pieces of a word have its weight, rare words more than common ones, a question mark the least."""
    _, index = fill([["It was founded."], ["It was."], ["It was old."]])
    weights = weigh_pieces(text, pieces, len(pieces), index.snapshot.postings)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert len(set(weights[2:-2].tolist())) == 1
    assert weights[2] > weights[-2] > weights[1] > weights[-1]


def test_unnamed_pieces_weigh_the_same() -> None:
    """Without names, or without a word, every piece counts alike."""
    _, index = fill(FOXES)
    assert weigh_pieces("dens", (), 4, index.snapshot.postings).tolist() == [0.25] * 4
    assert weigh_pieces("?!", ("?", "!"), 2, index.snapshot.postings).tolist() == [0.5] * 2


def test_the_shipped_ranker_is_complete_and_only_for_its_encoder(tmp_path: Path) -> None:
    """Every feature has a weight; another encoder or revision, or another set of features, gets the untrained one."""
    content = json.loads(RANKER_FILE.read_text(encoding="utf-8"))
    assert set(content["with_tokens"]) == set(FEATURES)
    assert set(USUAL_SPREADS) < set(FEATURES)
    name, revision = content["encoder"]
    fitted, untrained = open_ranker(EncoderIdentity(name, revision, 384)), open_ranker(None)
    assert fitted.without_tokens is not None
    for other in (EncoderIdentity(name, "other", 384), EncoderIdentity("other", revision, 384)):
        assert open_ranker(other).with_tokens.tolist() == untrained.with_tokens.tolist()
        assert open_ranker(other).without_tokens is None
    changed = tmp_path / "ranker.json"
    changed.write_text(json.dumps(content | {"with_tokens": {"bm25": 1.0}}), encoding="utf-8")
    found = open_ranker(EncoderIdentity(name, revision, 384), changed)
    assert found.with_tokens.tolist() == untrained.with_tokens.tolist()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_fitted_ranker_takes_any_corpus(question: str) -> None:
    """With fitted weights, with and without tokens, every passage is ranked with a finite score."""
    shelf, index = fill(FOXES, MOON, OWLS, [["One."]])
    fitted = Retriever(EncoderIdentity(*json.loads(RANKER_FILE.read_text())["encoder"], 64))
    for tokens in (shelf, None):
        found = fitted.search(index, question, ENCODER.encode_query(question), top_k=10, tokens=tokens)
        assert len(found.hits) == 8
        assert all(np.isfinite(hit.score) for hit in found.hits)
        assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


@pytest.mark.parametrize(
    ("question", "asked", "sentence"),
    [
        ("How many exits are there?", AnswerType.NUMBER, "A den has two exits."),
        ("When was it built?", AnswerType.TIME, "It was finished in 1887."),
        ("Who wrote it?", AnswerType.NAME, "It was written by Ada Lovelace."),
        ("Where do they live?", AnswerType.PLACE, "They live in Norway."),
        ("Why did it fail?", AnswerType.REASON, "It fell because of rust."),
        ("How do they hunt?", AnswerType.MANNER, "They hunt by waiting."),
    ],
)
def test_what_is_asked_for_is_seen_in_a_sentence(question: str, asked: AnswerType, sentence: str) -> None:
    """The kind that a question asks for is among the kinds that its answer holds, and not in a bare one."""
    assert find_asked_type(question) == asked
    assert find_types(sentence) & asked
    assert not find_types("Dogs bark") & asked
    assert find_asked_type("dens and trees") == AnswerType.NONE


def test_a_passage_can_have_a_sentence_without_words() -> None:
    """Sentences that own no token match nothing and break nothing."""
    shelf, index = fill([["Foxes.", "…", "Dens."], ["?"]])
    assert make_passage("Foxes.", "…").text == "Foxes. …"
    assert len(search(index, "dens", shelf).hits) == 2


@pytest.mark.parametrize("count", range(1, 60))
def test_equal_weights_leave_topical_pieces(count: int) -> None:
    """Pieces that all weigh the same are all topical, however their mean is rounded."""
    matches = Matches(np.zeros((1, count), dtype=np.float32), np.full(count, 1 / count, dtype=np.float32))
    assert matches.topical.all()
