"""A self-describing block of named arrays: magic, version, JSON header, aligned little-endian arrays, CRC-32."""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.engine.errors import StoreUnavailable

_MAGIC = b"PQSG"
_HEAD = struct.Struct("<4sHHI")  # magic, version, reserved, header length
_CHECKSUM = struct.Struct("<I")
_ALIGNMENT = 16
_DTYPES = {
    name: np.dtype(name) for name in ("|i1", "|u1", "<u2", "<u4", "<u8", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8")
}
_REBUILD = "build it anew from the stored text with `pullquote migrate --reindex`"

Arrays = dict[str, npt.NDArray[Any]]


class SegmentDamaged(StoreUnavailable):
    """A segment's bytes are not what was written."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"An article's search data is damaged ({reason}): {_REBUILD}.")


class SegmentOutdated(StoreUnavailable):
    """A segment was written by another version."""

    def __init__(self) -> None:
        super().__init__(f"An article's search data is of another version: {_REBUILD}.")


def pack(kind: str, version: int, meta: Mapping[str, int], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Return the block. Array offsets count from the end of the header and are multiples of 16."""
    fields: list[tuple[str, str, list[int], int]] = []
    parts: list[bytes] = []
    position = 0
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        padding = -position % _ALIGNMENT
        fields.append((name, little.dtype.str, list(little.shape), position + padding))
        parts += [b"\0" * padding, little.tobytes()]
        position += padding + little.nbytes
    header = json.dumps({"kind": kind, "meta": dict(meta), "arrays": fields}, separators=(",", ":")).encode()
    header += b" " * (-(_HEAD.size + len(header)) % _ALIGNMENT)
    body = b"".join([_HEAD.pack(_MAGIC, version, 0, len(header)), header, *parts])
    return body + _CHECKSUM.pack(zlib.crc32(body))


def unpack(blob: bytes, kind: str, version: int) -> tuple[dict[str, Any], Arrays]:
    """Return the meta values and read-only views of the arrays. Raises SegmentDamaged or SegmentOutdated."""
    if len(blob) < _HEAD.size + _CHECKSUM.size:
        raise SegmentDamaged("it is cut short")
    magic, found_version, _, header_length = _HEAD.unpack_from(blob)
    if magic != _MAGIC:
        raise SegmentDamaged("it is no segment")
    body = memoryview(blob)[: -_CHECKSUM.size]
    if zlib.crc32(body) != _CHECKSUM.unpack_from(blob, len(body))[0]:
        raise SegmentDamaged("its checksum is wrong")
    if found_version != version:
        raise SegmentOutdated
    start = _HEAD.size + header_length
    try:
        header = json.loads(bytes(body[_HEAD.size : start]))
        if header["kind"] != kind:
            raise SegmentDamaged(f"it is of kind {header['kind']!r}, not {kind!r}")
        arrays = {name: _view(body, start, dtype, shape, offset) for name, dtype, shape, offset in header["arrays"]}
        return dict(header["meta"]), arrays
    except (KeyError, TypeError, ValueError) as error:
        raise SegmentDamaged(f"its header cannot be read: {error}") from error


def read_checksum(blob: bytes) -> int:
    """Return the checksum that ends a block."""
    return int(_CHECKSUM.unpack_from(blob, len(blob) - _CHECKSUM.size)[0])


def _view(body: memoryview, start: int, dtype: str, shape: list[int], offset: int) -> npt.NDArray[Any]:
    return np.frombuffer(body, _DTYPES[dtype], math.prod(shape), start + offset).reshape(shape)
