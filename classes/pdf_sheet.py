"""Draw A4 sheets with QR codes and Welsh letters.

Letters, cards and posters are drawn with it.
"""

import atexit
import logging
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import fontpkg_noto_sans
import segno
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fpdf import FPDF

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it logs every glyph that it cuts

WEIGHTS = {"": 400, "B": 700}
LETTERS = [*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2040), 0x20AC]
INK = (0, 0, 0)


@lru_cache(maxsize=1)
def _fonts() -> dict[str, Path]:
    """Return the font files: Latin letters in two weights.

    Cut out of the variable font once in each process, which takes seconds.
    """
    folder = TemporaryDirectory(prefix="malpas-fonts-")
    atexit.register(folder.cleanup)
    whole = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
    options = subset.Options(layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    font = TTFont(whole)
    subsetter.subset(font)
    latin = BytesIO()
    font.save(latin)
    return {style: _cut(latin, weight, Path(folder.name)) for style, weight in WEIGHTS.items()}


def _cut(latin: BytesIO, weight: int, folder: Path) -> Path:
    latin.seek(0)
    font = instancer.instantiateVariableFont(TTFont(latin), {"wght": weight, "wdth": 100})
    path = folder / f"{weight}.ttf"
    font.save(path)
    return path


class Sheet(FPDF):
    """An A4 document in millimetres, black on white.

    Nothing breaks over a page by itself.
    """

    FAMILY = "noto"

    def __init__(self, title: str) -> None:
        super().__init__(format="A4", unit="mm")
        self._widths: dict[tuple[object, ...], float] = {}
        for style, path in _fonts().items():
            self.add_font(self.FAMILY, style, path)
        self.set_auto_page_break(False)
        self.set_margin(18)
        self.set_title(title)
        self.set_lang("cy")
        self.set_text_color(*INK)

    def write_at(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float,
        bold: bool = False,
        align: str = "L",
    ) -> float:
        """Write wrapped text at x, y (mm), and return the y below.

        x, y: its top left corner.
        """
        self.set_font(self.FAMILY, "B" if bold else "", size)
        for line in self._lines(text, width - 2 * self.c_margin):
            self.set_xy(x, y)
            self.cell(width, size * 0.49, line, align=align)
            y += size * 0.49
        return y

    def _lines(self, text: str, width: float) -> list[str]:
        """Break the text at its spaces to fit the width.

        Each word is measured once: a school's letters are many.
        """
        space, lines = self._width(" "), []
        for paragraph in text.split("\n"):
            line, taken = "", 0.0
            for word in self._split(paragraph, width):
                wide = self._width(word)
                if line and taken + space + wide > width:
                    lines.append(line)
                    line, taken = "", 0.0
                line, taken = (f"{line} {word}", taken + space + wide) if line else (word, wide)
            lines.append(line)
        return lines

    def _split(self, paragraph: str, width: float) -> Iterator[str]:
        """Yield the words; one longer than a line is cut."""
        for word in paragraph.split():
            while self._width(word) > width:
                fits = next(
                    n for n in range(len(word) - 1, 0, -1) if n == 1 or self._width(word[:n]) <= width
                )
                yield word[:fits]
                word = word[fits:]
            yield word

    def _width(self, word: str) -> float:
        key = (self.font_style, self.font_size, self.char_spacing, word)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(word)
        return self._widths[key]

    def qr(self, address: str, *, x: float, y: float, side: float) -> None:
        """Draw the QR code as vectors.

        `side` (mm) includes its quiet zone.
        """
        # A fixed mask: comparing all eight takes longer than the rest of the letter.
        rows = list(segno.make(address, error="m", micro=False, mask=3).matrix_iter(border=4))
        module = side / len(rows)
        self.set_fill_color(*INK)
        for down, row in enumerate(rows):
            for start, length in _runs(row):
                self.rect(x + start * module, y + down * module, length * module, module, style="F")

    def bytes(self) -> bytes:
        return bytes(self.output())


def _runs(row) -> list[tuple[int, int]]:
    """Return runs of dark modules of a row: (first, length).

    One rectangle for each run, so that no hairline shows between modules.
    """
    runs: list[tuple[int, int]] = []
    for position, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((position, 1))
    return runs
