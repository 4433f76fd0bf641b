"""A tiny PDF writer for tests: lines of the standard fonts, set in justified columns with running heads and feet."""

from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass, field

from pdfminer.fontmetrics import FONT_METRICS

FONTS = {"F1": "Times-Roman", "F2": "Times-Bold"}
WIDTH, HEIGHT, MARGIN, GUTTER = 595.0, 842.0, 60.0, 18.0
BODY = 10.0


@dataclass
class Sheet:
    """One page of drawing operators."""

    operators: list[str] = field(default_factory=list)

    def write(self, text: str, x: float, y: float, *, size: float = BODY, font: str = "F1", spacing: float = 0) -> None:
        """Draw one line with its left end at (x, y), points from the lower left corner."""
        escaped = re.sub(r"([\\()])", r"\\\1", text)
        self.operators.append(f"BT /{font} {size} Tf {spacing:.3f} Tw {x:.2f} {y:.2f} Td ({escaped}) Tj ET")


def measure(text: str, size: float, font: str = "F1") -> float:
    """Return the width of a text in points."""
    widths = FONT_METRICS[FONTS[font]][1]
    return sum(widths.get(letter, 500) for letter in text) * size / 1000


def make_pdf(sheets: list[Sheet], *, title: str = "", author: str = "", extra: list[bytes] | None = None) -> bytes:
    """Return a PDF of these pages; ``extra`` objects are appended as they are."""
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(FONTS, start=4))
    pages = range(6, 6 + 2 * len(sheets), 2)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [{' '.join(f'{n} 0 R' for n in pages)}] >>".encode(),
        f"<< /Title ({title}) /Author ({author}) /CreationDate (D:20250214101500Z) >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in FONTS.values()
        ),
    ]
    for number, sheet in zip(pages, sheets, strict=True):
        drawn = zlib.compress("\n".join(sheet.operators).encode("cp1252"))
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << {fonts} >> >> "
            f"/Contents {number + 1} 0 R >>".encode()
        )
        bodies.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(drawn) + drawn + b"\nendstream")
    return write_objects([*bodies, *(extra or [])])


def write_objects(bodies: list[bytes], *, trailer: str = "/Info 3 0 R") -> bytes:
    """Number the objects from 1, write the table of places, and close the file."""
    data = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + f"trailer << /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


@dataclass
class Layout:
    """How a paper is set."""

    columns: int = 1
    hyphenates: bool = False
    indents: bool = False
    leading: float = 12.0
    gap: float = 6.0


class Press:
    """Sets headings and paragraphs, column after column, page after page."""

    def __init__(self, layout: Layout, head: str = "Annals of River Works, volume 12") -> None:
        self.layout = layout
        self.sheets: list[Sheet] = []
        self.head = head
        self.column = layout.columns
        self.y = 0.0
        self.width = (WIDTH - 2 * MARGIN - GUTTER * (layout.columns - 1)) / layout.columns
        self._next_column()

    @property
    def x(self) -> float:
        """The left edge of the present column."""
        return MARGIN + self.column * (self.width + GUTTER)

    def heading(self, text: str, size: float = 13.0) -> None:
        """Set a heading, never as the last line of a column."""
        self.y -= self.layout.gap
        self._room(3 * self.layout.leading + size)
        for line in self._break(text, size, "F2", self.width, hyphenates=False):
            self._line(line, self.x, size, "F2", size * 1.2)
        self.y -= self.layout.gap

    def paragraph(self, text: str) -> None:
        """Set a justified paragraph."""
        indent = 1.5 * BODY if self.layout.indents else 0.0
        lines = self._break(text, BODY, "F1", self.width, hyphenates=self.layout.hyphenates, indent=indent)
        for index, line in enumerate(lines):
            self._room(self.layout.leading)
            at = indent if index == 0 else 0.0
            gaps = line.count(" ")
            slack = self.width - at - measure(line, BODY)
            spacing = slack / gaps if gaps and index + 1 < len(lines) else 0.0
            self.sheets[-1].write(line, self.x + at, self.y - BODY, spacing=spacing)
            self.y -= self.layout.leading
        if not self.layout.indents:
            self.y -= self.layout.gap

    def _line(self, text: str, x: float, size: float, font: str, leading: float) -> None:
        self.sheets[-1].write(text, x, self.y - size, size=size, font=font)
        self.y -= leading

    def _room(self, height: float) -> None:
        if self.y - height < MARGIN + 24:
            self._next_column()

    def _next_column(self) -> None:
        self.column += 1
        if self.column >= self.layout.columns:
            self.column = 0
            sheet = Sheet()
            number = len(self.sheets) + 1
            sheet.write(f"{self.head}          {number}", MARGIN, HEIGHT - 40, size=8)
            sheet.write(f"Printed for the guild - page {number}", MARGIN, 32, size=8)
            self.sheets.append(sheet)
        self.y = HEIGHT - MARGIN - 24

    def _break(
        self, text: str, size: float, font: str, width: float, *, hyphenates: bool, indent: float = 0.0
    ) -> list[str]:
        lines: list[str] = []
        line = ""
        words = text.split()
        while words:
            word = words.pop(0)
            tried = f"{line} {word}" if line else word
            room = width - (indent if not lines else 0.0)
            if measure(tried, size, font) <= room:
                line = tried
                continue
            if hyphenates:
                for at in range(len(word) - 3, 2, -1):
                    if word[:at].isalpha() and word[at : at + 3].isalpha():
                        part = f"{line} {word[:at]}-" if line else f"{word[:at]}-"
                        if measure(part, size, font) <= room:
                            line, word = part, word[at:]
                            break
            lines.append(line)
            line = word
        return [*lines, line]


SUBJECTS = [
    "The lock keeper",
    "A retired surveyor",
    "The parish council",
    "Every second barge",
    "The old pumping station",
    "A narrow footbridge",
]
VERBS = [
    "recorded",
    "rebuilt",
    "measured again",
    "described in great detail",
    "quietly abandoned",
    "eventually replaced",
]
OBJECTS = [
    "the well-known embankment",
    "an unusually heavy sluice gate",
    "seventeen kilometres of towpath",
    "the municipal reservoir",
    "a waterlogged meadow",
    "the extraordinary floods of that century",
]
ENDS = [
    "before the harvest",
    "with considerable difficulty",
    "according to the surviving correspondence",
    "because nobody else volunteered",
    "under the supervision of a travelling engineer",
    "in the autumn of 1871",
]


def make_paper(layout: Layout, *, seed: int, paragraphs: int = 40) -> tuple[bytes, list[str], list[str]]:
    """Return a paper as PDF, its paragraphs and its headings."""
    chance = random.Random(seed)  # noqa: S311 -- the same paper each time is what is wanted
    parts = [SUBJECTS, VERBS, OBJECTS, ENDS]
    press = Press(layout)
    texts: list[str] = []
    headings: list[str] = []
    press.heading("On the Keeping of Rivers and Weirs", 18)
    for number in range(paragraphs):
        if number % 6 == 0:
            headings.append(f"Section {number // 6 + 1} about {chance.choice(parts[2])}")
            press.heading(headings[-1])
        text = " ".join(" ".join(map(chance.choice, parts)) + "." for _ in range(chance.randint(2, 7)))
        texts.append(text)
        press.paragraph(text)
    return make_pdf(press.sheets, title="draft.docx", author="Ottilie Brandt"), texts, headings
