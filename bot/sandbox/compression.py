"""Transport compression of the gateway's frames: one shared context for each socket (D: events/gateway)."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from typing import Any

Pack = Callable[[bytes], bytes]
KINDS = ("zlib-stream", "zstd-stream")


def packer(kind: str | None) -> Pack | None:
    """Return what packs a socket's frames, None for plain text. Raises LookupError for what cannot be spoken here.

    zlib is in the standard library; zstd is since Python 3.14, and before that in the package zstandard.
    """
    if kind is None:
        return None
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda frame: deflate.compress(frame) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        return _zstd()
    raise LookupError(f"The gateway compresses with {' or '.join(KINDS)}, not with {kind!r}.")


def _zstd() -> Pack:
    for name in ("compression.zstd", "zstandard"):
        try:
            module: Any = importlib.import_module(name)
        except ImportError:
            continue
        if name == "zstandard":
            stream = module.ZstdCompressor().compressobj()
            return lambda frame: stream.compress(frame) + stream.flush(module.COMPRESSOBJ_FLUSH_BLOCK)
        packing = module.ZstdCompressor()
        return lambda frame: packing.compress(frame, mode=packing.FLUSH_BLOCK)
    raise LookupError("zstd-stream needs Python 3.14 or the package zstandard. Ask for compress=zlib-stream, or none.")
