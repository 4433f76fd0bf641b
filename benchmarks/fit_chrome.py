"""Fit bot/engine/ingest/chrome/chrome.json: which lines of a pasted page are the article's.

Usage: python -m benchmarks.fit_chrome WCXB --not-from SCRAPINGHUB [--plain FILE.corpus.jsonl …] [--check]

Trains on WCXB's dev part, without the pages of any website that is in its test part or in the other set (a folder of
scrapinghub/article-extraction-benchmark), because those two are reported on. --plain adds articles that are all body,
from training sets. --check keeps a seventh of the websites aside, prints what is lost and let through there at several
limits, and writes nothing. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.chrome_lines import Sample, make_plain_samples, make_samples, read_marked, site_of
from bot.engine.ingest.chrome.network import BODY, CHROME, HEADING, PICTURE, TITLE, WEIGHTS_FILE

WORDS, COMMON_WORDS, VECTOR, HIDDEN = 600, 300, 6, 24
REACHES = (1, 2, 4, 8, 16)
EPOCHS, BATCH, RATE, DECAY = 7, 16, 3e-3, 0.02
DROPS, FIRST_DROPS, WORD_DROPS, SMOOTHING = 0.2, 0.1, 0.3, 0.02
AVERAGE = 0.998
PLAIN_WEIGHT, TITLE_WEIGHT, PICTURE_WEIGHT = 2.0, 4.0, 2.0
_FEWEST_PAGES = 12
_LEVELS = 511
_FOLDS = 7


class ChromeNet(nn.Module):
    """The network of ``bot.engine.ingest.chrome.network``, to be trained."""

    def __init__(self, words: int, numbers: int) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(words + 1, VECTOR, mode="mean")
        nn.init.normal_(self.vectors.weight, 0, 0.1)
        self.first = nn.Linear(numbers + VECTOR, HIDDEN)
        self.layers = nn.ModuleList([nn.Linear(3 * HIDDEN, HIDDEN) for _ in REACHES])
        self.last = nn.Linear(HIDDEN, 5)
        self.first_drop, self.drop = nn.Dropout(FIRST_DROPS), nn.Dropout(DROPS)

    def forward(self, numbers: Tensor, ids: Tensor, offsets: Tensor, lengths: list[int]) -> Tensor:
        """Return (n, 5) logits for the blocks of several texts, one after another."""
        vectors = self.vectors(ids, offsets)
        if self.training:
            # Whole texts without their words, so that the form alone must do: what other languages have.
            has_words = torch.rand(len(lengths)).repeat_interleave(torch.tensor(lengths)) > WORD_DROPS
            vectors = vectors * has_words.float()[:, None]
        hidden = torch.relu(self.first(self.first_drop(torch.cat([numbers, vectors], 1))))
        hidden = nn.utils.rnn.pad_sequence(list(torch.split(hidden, lengths)), batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones(length, 1) for length in lengths], batch_first=True)
        for layer, reach in zip(self.layers, REACHES, strict=True):
            hidden = hidden * mask
            wide = nn.functional.pad(hidden, (0, 0, reach, reach))
            count = hidden.shape[1]
            near = torch.cat([wide[:, :count], hidden, wide[:, 2 * reach : 2 * reach + count]], 2)
            hidden = hidden + torch.relu(layer(self.drop(near)))
        logits = self.last(hidden)
        return torch.cat([logits[index, :length] for index, length in enumerate(lengths)])


class Encoded:
    """A sample as tensors."""

    def __init__(self, sample: Sample, rows: dict[str, int]) -> None:
        self.sample = sample
        self.numbers = torch.tensor(sample.numbers)
        self.labels = torch.tensor(sample.labels)
        ids: list[int] = []
        offsets = []
        for own in sample.words:
            offsets.append(len(ids))
            ids += [rows[word] for word in own if word in rows] or [0]
        self.ids, self.offsets = torch.tensor(ids), torch.tensor(offsets)
        weights = np.sqrt(sample.sizes + 1.0)
        weights *= np.where(sample.labels == TITLE, TITLE_WEIGHT, 1.0)
        weights *= np.where(sample.labels == PICTURE, PICTURE_WEIGHT, 1.0)
        weights *= PLAIN_WEIGHT if sample.is_plain else 1.0
        self.weights = torch.tensor(weights / max(1.0, math.sqrt(weights.sum())), dtype=torch.float32)


def choose_words(samples: Sequence[Sample]) -> list[str]:
    """Return the words that tell body from chrome best over whole pages, and the most frequent ones."""
    body, chrome = Counter[str](), Counter[str]()
    for sample in samples:
        if sample.is_whole:
            own: tuple[set[str], set[str]] = (set(), set())
            for words, label in zip(sample.words, sample.labels, strict=True):
                own[label not in (BODY, HEADING)].update(words)
            body.update(own[0])
            chrome.update(own[1])

    def telling(word: str) -> tuple[float, str]:
        inside, outside = body[word] + 1, chrome[word] + 1
        return -abs(math.log(inside / outside)) * math.sqrt(inside + outside), word

    known = sorted((word for word in body | chrome if body[word] + chrome[word] >= _FEWEST_PAGES), key=telling)
    frequent = sorted(known, key=lambda word: (-body[word] - chrome[word], word))
    return list(dict.fromkeys([*known[:WORDS], *frequent[:COMMON_WORDS]]))


def train(samples: Sequence[Encoded], words: int) -> ChromeNet:
    """Train, and return the network with the running average of its weights."""
    torch.manual_seed(0)
    luck = random.Random(0)  # noqa: S311 -- the same network again each time
    net = ChromeNet(words, samples[0].numbers.shape[1])
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    average = [parameter.detach().clone() for parameter in net.parameters()]
    steps, step = EPOCHS * math.ceil(len(samples) / BATCH), 0
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in _batches(samples, luck):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, step / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
            step += 1
            labels = torch.cat([item.labels for item in batch])
            weights = torch.cat([item.weights for item in batch])
            losses = nn.functional.cross_entropy(
                net(*_join(batch)), labels, reduction="none", label_smoothing=SMOOTHING
            )
            loss = (losses * weights).sum() / weights.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            for mean, parameter in zip(average, net.parameters(), strict=True):
                mean.mul_(AVERAGE).add_(parameter.detach(), alpha=1 - AVERAGE)
            total += float(loss.detach())
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {total * EPOCHS / steps:.4f}", flush=True)
    with torch.no_grad():
        for mean, parameter in zip(average, net.parameters(), strict=True):
            parameter.copy_(mean)
    return net.eval()


def _batches(samples: Sequence[Encoded], luck: random.Random) -> Iterator[list[Encoded]]:
    shuffled = list(samples)
    luck.shuffle(shuffled)
    for start in range(0, len(shuffled), 25 * BATCH):
        # Texts of about one length together, so that little is padding.
        part = sorted(shuffled[start : start + 25 * BATCH], key=lambda item: len(item.labels))
        batches = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
        luck.shuffle(batches)
        yield from batches


def _join(batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor, list[int]]:
    offsets, at = [], 0
    for item in batch:
        offsets.append(item.offsets + at)
        at += len(item.ids)
    numbers, ids = torch.cat([item.numbers for item in batch]), torch.cat([item.ids for item in batch])
    return numbers, ids, torch.cat(offsets), [len(item.labels) for item in batch]


def report(net: ChromeNet, samples: Sequence[Encoded]) -> None:
    """Print, for several limits, the shares of body words lost, of chrome words and of captions let through."""
    with torch.no_grad():
        scores = [torch.softmax(net(*_join([item])), 1).numpy() for item in samples]
    for limit in (0.2, 0.3, 0.4, 0.5):
        for name in ("whole", "part", "plain"):
            lost, body, let, chrome, shown, pictures = 0, 0, 0, 0, 0, 0
            for item, score in zip(samples, scores, strict=True):
                own = item.sample
                if name != ("plain" if own.is_plain else "whole" if own.is_whole else "part"):
                    continue
                drops = score[:, (BODY, HEADING, TITLE)].sum(1) < limit
                is_body = np.isin(own.labels, (BODY, HEADING))
                is_chrome, is_picture = own.labels == CHROME, own.labels == PICTURE
                lost, body = lost + own.sizes[is_body & drops].sum(), body + own.sizes[is_body].sum()
                let, chrome = let + own.sizes[is_chrome & ~drops].sum(), chrome + own.sizes[is_chrome].sum()
                shown, pictures = shown + (is_picture & ~drops).sum(), pictures + is_picture.sum()
            shares = [f"{part / max(1, all_):.4f}" for part, all_ in ((lost, body), (let, chrome), (shown, pictures))]
            print(f"limit {limit}, {name}: body lost {shares[0]}, chrome kept {shares[1]}, captions kept {shares[2]}")


def store(net: ChromeNet, words: Sequence[str], path: Path) -> None:
    """Write the weights as whole numbers and their unit."""
    layers = [_layer(layer) for layer in net.layers]
    stored = {
        "words": " ".join(words),
        "vectors": _matrix(net.vectors.weight),
        "first": _layer(net.first),
        "layers": layers,
        "reaches": list(REACHES),
        "last": _layer(net.last),
    }
    path.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _layer(layer: Any) -> dict[str, Any]:
    return {"weight": _matrix(layer.weight.T), "bias": [float(f"{value:.4g}") for value in layer.bias.tolist()]}


def _matrix(weight: Tensor) -> dict[str, Any]:
    values = weight.detach().numpy()
    unit = float(f"{np.abs(values).max() / _LEVELS:.5g}")
    return {"unit": unit, "rows": np.rint(values / unit).astype(int).tolist()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the samples, train, and print or store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wcxb", type=Path)
    parser.add_argument("--not-from", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--plain", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    truth = json.loads((options.not_from / "ground-truth.json").read_text(encoding="utf-8"))
    reported = {site_of(record["url"]) for record in truth.values()}
    for path in (options.wcxb / "test" / "ground-truth").glob("*.json"):
        reported.add(site_of(json.loads(path.read_text(encoding="utf-8")).get("url") or ""))
    marked = (item for item in read_marked(options.wcxb, "dev") if site_of(item.page.url) not in reported)
    samples = [sample for item in marked for sample in make_samples(item)]
    samples += [sample for path in options.plain for sample in make_plain_samples(path)]
    aside = [options.check and zlib.crc32(sample.site.encode()) % _FOLDS == 0 for sample in samples]
    words = choose_words([sample for sample, is_aside in zip(samples, aside, strict=True) if not is_aside])
    rows = {word: row for row, word in enumerate(words, start=1)}
    encoded = [Encoded(sample, rows) for sample in samples]
    print(f"{len(samples):,} texts, {sum(len(item.labels) for item in encoded):,} blocks, {len(words)} words")
    net = train([item for item, is_aside in zip(encoded, aside, strict=True) if not is_aside], len(words))
    if options.check:
        report(net, [item for item, is_aside in zip(encoded, aside, strict=True) if is_aside])
    else:
        store(net, words, WEIGHTS_FILE)


if __name__ == "__main__":
    main()
