"""Gaps: near-duplicate questions that the articles do not answer, found by their embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.engine.ports.encoders import FloatArray
from bot.engine.questions.records import AskedQuestion, Gap, GapState

ALIKE = 0.72
"""The mean cosine between two groups from which on they ask the same. By hand, on questions of one's own kind: of the
bundled encoder, rewordings lie at 0.7 to 0.95, other questions about the same passage mostly below 0.6."""


def wording_of(text: str) -> str:
    """Return what two questions must share to be the same to the letter: words, not capitals, spaces or marks."""
    return " ".join(text.casefold().split()).rstrip("?!. ")


def find_gaps(questions: Sequence[AskedQuestion], embeddings: Mapping[str, FloatArray]) -> list[Gap]:
    """Group unanswered questions (newest first): the most asked gaps first, then the newest.

    ``embeddings``: wording (:func:`wording_of`) → unit vector. What asks the same as a dismissed question is left out.
    """
    dismissed = {wording_of(found.text) for found in questions if found.gap is GapState.DISMISSED}
    groups: dict[str, list[AskedQuestion]] = {}
    for found in questions:
        if found.gap is GapState.OPEN and wording_of(found.text) not in dismissed:
            groups.setdefault(wording_of(found.text), []).append(found)
    wordings = [wording for wording in groups if not _is_like_any(embeddings[wording], dismissed, embeddings)]
    if not wordings:
        return []
    vectors = np.stack([embeddings[wording] for wording in wordings])
    weights = np.array([len(groups[wording]) for wording in wordings], dtype=np.float32)
    gaps = []
    for members in join_alike(vectors, weights):
        own = sorted((found for place in members for found in groups[wordings[place]]), key=_age)
        # The group's middle: the wording that is closest to all of them, as often as each was asked.
        middle = vectors[members].T @ weights[members]
        wording = wordings[members[int(np.argmax(vectors[members] @ middle))]]
        gaps.append(Gap(own[0].id, groups[wording][0].text, tuple(own)))
    return sorted(gaps, key=lambda gap: (-gap.count, -gap.last_asked, gap.id))


def join_alike(vectors: FloatArray, weights: FloatArray, alike: float = ALIKE) -> list[list[int]]:
    """Join the two most similar groups as long as there are two alike (average linkage); return rows of each.

    ``vectors``: (n, d) unit rows; ``weights``: (n,) how much each counts in its group's mean.
    """
    groups = [[place] for place in range(len(vectors))]
    sums = vectors * weights[:, None]
    counts = weights.copy()
    means: npt.NDArray[np.float32] = vectors @ vectors.T
    np.fill_diagonal(means, -np.inf)
    while len(groups) > 1:
        one, other = divmod(int(np.argmax(means)), len(groups))
        if means[one, other] < alike:
            break
        keep, gone = min(one, other), max(one, other)
        groups[keep] += groups.pop(gone)
        sums[keep] += sums[gone]
        counts[keep] += counts[gone]
        sums, counts = np.delete(sums, gone, axis=0), np.delete(counts, gone)
        means = np.delete(np.delete(means, gone, axis=0), gone, axis=1)
        means[keep] = means[:, keep] = sums @ sums[keep] / (counts * counts[keep])
        means[keep, keep] = -np.inf
    return groups


def _is_like_any(vector: FloatArray, wordings: set[str], embeddings: Mapping[str, FloatArray]) -> bool:
    return any(float(vector @ embeddings[wording]) >= ALIKE for wording in wordings)


def _age(question: AskedQuestion) -> tuple[int, int]:
    return -question.asked_at, -question.id
