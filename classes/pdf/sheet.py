"""Draw A4 sheets with QR codes and words in any script.

Letters, cards and posters are drawn with it.
"""

from collections.abc import Iterator

import segno

from classes.pdf.document import Document
from classes.pdf.text import clusters, composed, is_plain

INK = (0, 0, 0)
SMALLEST = 5.0  # points


class Sheet(Document):
    """An A4 document in millimetres, black on white, Welsh unless said otherwise.

    Nothing breaks over a page by itself.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title, "cy")
        self._widths: dict[tuple[object, ...], float] = {}
        self.set_auto_page_break(False)
        self.set_margin(18)
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
        tag: str = "P",
        shrink: bool = False,
    ) -> float:
        """Write wrapped text at x, y (mm), and return the y below.

        x, y: its top left corner. `shrink`: smaller letters rather than a word cut in two.
        """
        text, inside = composed(text), width - 2 * self.c_margin
        with self.shaped(text):
            self.set_font(self.FAMILY, "B" if bold else "", size)
            if shrink:
                size = self._fitting(text, inside, size)
                self.set_font_size(size)
            with self.tagged(tag):
                for line in self._lines(text, inside):
                    self.set_xy(x, y)
                    self.cell(width, size * 0.49, line, align=align)
                    y += size * 0.49
        return y

    def write_both(
        self,
        x: float,
        y: float,
        width: float,
        welsh: str,
        english: str,
        *,
        size: float,
        bold: bool = False,
        align: str = "L",
    ) -> float:
        """Write Welsh and English on one line, each in its language, or below each other."""
        self.set_font(self.FAMILY, "B" if bold else "", size)
        parts = [f"{welsh} · ", english]
        wide = [self._measure(each) for each in parts]
        inside = width - 2 * self.c_margin
        if sum(wide) > inside:
            y = self.write_at(x, y, width, welsh, size=size, bold=bold, align=align)
            with self.read("en"):
                return self.write_at(x, y, width, english, size=size, bold=bold, align=align)
        left = x + {"L": 0, "C": 0.5, "R": 1}[align] * (inside - sum(wide))
        self.write_at(left, y, wide[0] + 2 * self.c_margin + 0.5, parts[0], size=size, bold=bold)
        with self.read("en"):
            return self.write_at(
                left + wide[0], y, wide[1] + 2 * self.c_margin + 0.5, english, size=size, bold=bold
            )

    def _fitting(self, text: str, width: float, size: float) -> float:
        """Return the size at which the longest word fits."""
        widest = max((self._width(word) for word in text.split()), default=0.0)
        return max(SMALLEST, size * min(1.0, 0.99 * width / widest)) if widest else size

    def _measure(self, text: str) -> float:
        with self.shaped(composed(text)):
            return self._width(composed(text))

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
                letters = list(word if is_plain(word) else clusters(word))
                fits = next(
                    n
                    for n in range(len(letters) - 1, -1, -1)
                    if n <= 1 or self._width("".join(letters[:n])) <= width
                )
                if fits == 0:
                    break
                yield "".join(letters[:fits])
                word = "".join(letters[fits:])
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
        with self.tagged("Figure", says=f"QR: {address}"):
            self._squares(address, x, y, side)

    def _squares(self, address: str, x: float, y: float, side: float) -> None:
        # A fixed mask: comparing all eight takes longer than the rest of the letter.
        rows = list(segno.make(address, error="m", micro=False, mask=3).matrix_iter(border=4))
        module = side / len(rows)
        self.set_fill_color(*INK)
        for down, row in enumerate(rows):
            for start, length in _runs(row):
                self.rect(x + start * module, y + down * module, length * module, module, style="F")


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
