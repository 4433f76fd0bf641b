"""The container that segments are written in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from bot.engine.errors import StoreUnavailable
from bot.engine.retrieval.container import SegmentDamaged, SegmentOutdated, pack, unpack

ARRAYS = {"a": np.arange(5, dtype=np.int8), "b": np.arange(6, dtype=np.float32).reshape(2, 3)}


@given(
    st.dictionaries(
        st.text(max_size=8),
        npst.arrays(
            st.sampled_from([np.int8, np.uint8, np.uint16, np.uint32, np.uint64, np.int64, np.float16, np.float32]),
            npst.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5),
        ),
        max_size=4,
    )
)
def test_arrays_come_back_as_they_went(arrays: dict[str, np.ndarray]) -> None:
    """Names, types, shapes and values survive, and every array is aligned."""
    meta, found = unpack(pack("core", 3, {"x": 7}, arrays), "core", 3)
    assert meta == {"x": 7}
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_any_changed_or_missing_byte_is_refused() -> None:
    """A segment with one wrong byte, or cut short, is damaged and says how to mend it."""
    blob = pack("core", 3, {}, ARRAYS)
    for position in range(len(blob)):
        broken = bytearray(blob)
        broken[position] ^= 0x40
        with pytest.raises(SegmentDamaged, match="pullquote migrate --reindex"):
            unpack(bytes(broken), "core", 3)
        with pytest.raises(SegmentDamaged):
            unpack(blob[:position], "core", 3)


def test_another_version_is_told_from_damage() -> None:
    """An older layout asks for a rebuild and is not called damaged."""
    with pytest.raises(SegmentOutdated, match="pullquote migrate --reindex"):
        unpack(pack("core", 2, {}, ARRAYS), "core", 3)


def test_another_kind_is_refused() -> None:
    """Token vectors are not taken for a core segment."""
    with pytest.raises(StoreUnavailable, match="'tokens'"):
        unpack(pack("tokens", 3, {}, ARRAYS), "core", 3)


def test_bytes_are_little_endian_whatever_the_machine() -> None:
    """A big-endian array is stored in little-endian order."""
    assert pack("core", 3, {}, {"a": np.array([1, 2], dtype=">u4")}) == pack(
        "core", 3, {}, {"a": np.array([1, 2], dtype="<u4")}
    )
