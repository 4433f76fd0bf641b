"""Bytes to text: which encoding it is, and what is no text at all."""

from __future__ import annotations

import codecs

import pytest

from bot.engine.errors import ExtractFailed, Unsupported
from bot.engine.ingest.extract.text import decode_text

TEXT = "Der Kirchturm von Lindau – seit 1911 gemessen – neigt sich um 0,3 mm im Jahr.\nÄnne Vogt prüft ihn.\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_text_is_decoded_by_its_mark_or_its_look(mark: bytes, encoding: str) -> None:
    """Unicode with and without a byte order mark, and Windows-1252, come back as written, the mark dropped."""
    assert decode_text(mark + TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode() + b"\xff\xfe broken",
        TEXT.encode()[:-1] + b"\xc3",
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"\x00",
        "Башня стоит на глине. ".encode("koi8-r") * 20,
    ],
)
def test_damaged_text_is_refused_not_guessed(data: bytes) -> None:
    """Text with broken bytes, or of an encoding that cannot be told, is refused: a quote must be what was written."""
    with pytest.raises(ExtractFailed, match="UTF-8"):
        decode_text(data)


def test_place_of_the_damage_is_named() -> None:
    """The message says in which line the first broken byte is."""
    with pytest.raises(ExtractFailed, match="line 3"):
        decode_text(TEXT.encode() + b"schl\xc3\x28cht")


@pytest.mark.parametrize(
    "start", ["BM is short for benchmark.", "MZ was here.", "ID3 tags are old.", "RIFFs are shallow."]
)
def test_text_that_begins_like_a_binary_file_is_text(start: str) -> None:
    """Letters that happen to open a picture or a program do not make a text one."""
    assert decode_text(start.encode()) == start


def test_control_characters_in_passing_are_no_harm() -> None:
    """A form feed or a stray escape in a long text is left as it is; a text full of them is no text."""
    text = "The weir is wide.\f" * 50 + "\x1b[0m"
    assert decode_text(text.encode()) == text
    with pytest.raises(Unsupported, match="not a text file"):
        decode_text(b"weir\x01\x02\x03" * 40)
