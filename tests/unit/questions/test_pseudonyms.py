"""Hashes of members, and the key they are made with."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine.errors import StoreUnavailable
from bot.engine.questions.pseudonyms import KEY_BYTES, Pseudonyms
from bot.engine.stores.keys import derive_key, open_key


def test_a_member_has_one_hash_a_guild() -> None:
    """The same member is the same in one guild, another one elsewhere, and never their number."""
    names = Pseudonyms(b"k" * KEY_BYTES)
    assert names.of(1, 42) == names.of(1, 42)
    assert len({names.of(1, 42), names.of(2, 42), names.of(1, 43), names.wish_of(42)}) == 4
    assert len(names.of(1, 42)) == 32
    assert Pseudonyms(b"l" * KEY_BYTES).of(1, 42) != names.of(1, 42), "without the key nobody can make it"
    assert "kkk" not in repr(names)


def test_numbers_do_not_run_together() -> None:
    """Guild 1 and member 23 is not guild 12 and member 3."""
    names = Pseudonyms(b"k" * KEY_BYTES)
    assert names.of(1, 23) != names.of(12, 3)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Processes that start at once agree on one key; only the owner of the file may read it."""
    path = tmp_path / "new" / "pullquote.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(open_key, [path] * 8))
    assert len(keys) == 1
    assert len(keys.pop()) == KEY_BYTES
    assert list(path.parent.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "zz", "ab" * 5, "\ud800".encode("utf-8", "surrogatepass").hex()[:5]])
def test_a_damaged_key_is_refused(tmp_path: Path, content: str) -> None:
    """Nothing is hashed with half a key: the operator is told what to do."""
    path = tmp_path / "pullquote.key"
    path.write_text(content, encoding="ascii")
    with pytest.raises(StoreUnavailable, match="put its backup back"):
        open_key(path)
    assert path.read_text(encoding="ascii") == content


def test_a_secret_makes_the_same_key_everywhere() -> None:
    """Two machines with the same setting make the same hashes."""
    assert derive_key("correct horse battery") == derive_key("correct horse battery")
    assert derive_key("correct horse battery") != derive_key("correct horse batterz")
    assert len(derive_key("correct horse battery")) == KEY_BYTES
