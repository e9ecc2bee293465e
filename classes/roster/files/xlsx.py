"""Read the sheets of an .xlsx file as rows of text, within limits. Pure.

Only the standard library, and nothing of what a workbook can do: no formula, no link, no macro. A part that unpacks to
more than is allowed, or that declares entities, is refused before it is parsed.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree

MOST_BYTES = 40 * 1024 * 1024  # of one part, unpacked
MOST_SHEETS = 20
MOST_ROWS = 50_001
MOST_COLUMNS = 300
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what spreadsheets use
_DATES = frozenset({*range(14, 23), *range(45, 48)})
_CELL = re.compile(r"([A-Z]{1,3})\d+")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
Row = tuple[int, list[str]]


class NotASheet(Exception):
    """The bytes are no workbook that can be read."""


def read_sheets(data: bytes) -> list[list[Row]]:
    """Return the rows of each sheet, with the numbers that a spreadsheet shows. Raises NotASheet."""
    try:
        return _Workbook(data).sheets()
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ElementTree.ParseError,
        RuntimeError,
        NotImplementedError,
    ):
        raise NotASheet from None
    except (KeyError, ValueError, IndexError, OverflowError, EOFError, OSError, struct.error, zlib.error):
        raise NotASheet from None


class _Workbook:
    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(BytesIO(data))
        if any(entry.compress_type not in _READ for entry in self.zip.infolist()):
            raise NotASheet
        self.names = set(self.zip.namelist())
        if "xl/workbook.xml" not in self.names:
            raise NotASheet
        book = self.part("xl/workbook.xml")
        flags = [each.get("date1904") for each in book.iter() if _tag(each) == "workbookPr"]
        self.epoch = date(1904, 1, 1) if flags and flags[0] in ("1", "true") else date(1899, 12, 30)
        self.strings = [_text(each) for each in self.children("xl/sharedStrings.xml", "si")]
        self.is_date = self.date_styles()

    def part(self, name: str) -> ElementTree.Element:
        with self.zip.open(name) as file:
            content = file.read(MOST_BYTES + 1)
        if (
            len(content) > MOST_BYTES
            or (b"<!" in content[:2000] and b"<!DOCTYPE" in content)
            or b"<!ENTITY" in content
        ):
            raise NotASheet
        return ElementTree.fromstring(content)

    def children(self, name: str, tag: str) -> list[ElementTree.Element]:
        return [each for each in self.part(name) if _tag(each) == tag] if name in self.names else []

    def date_styles(self) -> list[bool]:
        """Return for each style of a cell whether it shows a day."""
        if "xl/styles.xml" not in self.names:
            return []
        styles = self.part("xl/styles.xml")
        own = {
            each.get("numFmtId"): _QUOTED.sub("", each.get("formatCode", "")).lower()
            for each in styles.iter()
            if _tag(each) == "numFmt"
        }
        used: Iterable[ElementTree.Element] = next((each for each in styles if _tag(each) == "cellXfs"), ())
        ids = [each.get("numFmtId", "0") for each in used]
        return [int(one) in _DATES or bool(re.search("[dy]", own.get(one, ""))) for one in ids]

    def sheets(self) -> list[list[Row]]:
        names = sorted(name for name in self.names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
        if not names or len(names) > MOST_SHEETS:
            raise NotASheet
        return [list(self.rows(name)) for name in names]

    def rows(self, name: str) -> Iterator[Row]:
        parts = self.part(name)
        data: Iterable[ElementTree.Element] = next((each for each in parts if _tag(each) == "sheetData"), ())
        for number, row in enumerate(data, 1):
            if number > MOST_ROWS:
                raise NotASheet
            cells: list[str] = []
            for cell in row:
                position = _column(cell.get("r", ""), len(cells))
                cells += [""] * (position + 1 - len(cells))
                cells[position] = self.value(cell)
            yield int(row.get("r") or number), cells

    def value(self, cell: ElementTree.Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        said = next((each.text or "" for each in cell if _tag(each) == "v"), "")
        if kind == "s":
            return self.strings[int(said)]
        style = int(cell.get("s", "0"))
        if kind == "n" and said and style < len(self.is_date) and self.is_date[style]:
            return (self.epoch + timedelta(days=int(float(said)))).isoformat()
        return said.removesuffix(".0")


def _column(name: str, otherwise: int) -> int:
    found = _CELL.fullmatch(name)
    position = otherwise
    if found:
        position = 0
        for letter in found[1]:
            position = position * 26 + ord(letter) - ord("A") + 1
        position -= 1
    if position >= MOST_COLUMNS:
        raise NotASheet
    return position


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in element.iter() if _tag(each) == "t")
