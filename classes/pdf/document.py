"""Extend fpdf2 where its public interface ends: tags, languages, and one font for each piece of a text.

The only module that touches its private names; tests/classes/pdf/test_document.py tells when they change.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFString

from classes.pdf.fonts import LARGE, WEIGHTS, Font, font_file, latin, runs
from classes.pdf.text import composed, is_plain


class _Element(StructElem):
    """A tag with its language and its position in the order of reading."""

    def __init__(self, language: str, position: tuple[int, int], **facts: Any) -> None:
        super().__init__(**facts)
        self.lang = PDFString(language)
        self._position = position

    def position(self) -> tuple[int, int]:
        return self._position


class _Tags(StructureTreeBuilder):
    """The tags of a document, one level deep, each with a language.

    `part`: where the next tags stand in the order of reading of their page.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.part = language, 0
        self._on_page: dict[int, int] = {}

    def next_mcid_for_page(self, page_number: int) -> int:
        return self._on_page.get(page_number, 0)

    def add_marked_content(
        self,
        page_number: int,
        struct_type: str,
        mcid: int | None = None,
        title: str | None = None,
        alt_text: str | None = None,
    ) -> tuple[StructElem, int]:
        page = self.spid_per_page_number.setdefault(page_number, len(self.spid_per_page_number))
        element = _Element(
            self.language,
            (page_number, self.part),
            struct_type=struct_type,
            parent=self.doc_struct_elem,
            kids=[] if mcid is None else [mcid],
            page_number=page_number,
            title=title,
            alt=alt_text,
        )
        self._on_page[page_number] = self.next_mcid_for_page(page_number) + 1
        self.doc_struct_elem.k.append(element)
        self.struct_tree_root.parent_tree.nums[page].append(element)
        return element, page

    def in_order(self) -> None:
        self.doc_struct_elem.k.sort(key=_Element.position)


class Document(FPDF):
    """A tagged PDF with a shown title, whose text finds its fonts by itself."""

    FAMILY = "latin"

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4", unit="mm")
        self.struct_builder = self._tags = _Tags(language)
        self._folder = TemporaryDirectory(prefix="malpas-fonts-")
        self._needed: dict[Font, set[str]] = {}
        for style in WEIGHTS:
            self._add(self.FAMILY, style, latin(style))
        self.set_title(title)
        self.set_lang(language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def _add(self, family: str, style: str, font: bytes) -> None:
        path = Path(self._folder.name) / f"{family}{style}.ttf"
        path.write_bytes(font)
        self.add_font(family, style, path)

    def prepare(self, texts: Iterable[str]) -> None:
        """Note what these texts need of large fonts, so that each is cut once.

        A text that was not named here is printed too: it takes a cut of its own.
        """
        for text in map(composed, texts):
            for part in () if is_plain(text) else (text, *text.split()):  # words are measured alone
                for font, piece in runs(part):
                    self._needed.setdefault(font, set()).update(piece)

    def _family(self, font: Font, style: str) -> str:
        """Return the name of a font that is in the document in this style."""
        needed = self._needed.setdefault(font, set())
        family = f"{font.name}-{len(needed)}" if font in LARGE else font.name
        if family + style not in self.fonts:
            self._add(family, style, font_file(font, style, needed))
        return family

    @contextmanager
    def shaped(self, text: str) -> Iterator[None]:
        """Join and position the letters of a text that is more than plain Latin."""
        if is_plain(text):
            yield
            return
        self.prepare([text])
        self.set_text_shaping(True, direction="ltr")
        try:
            yield
        finally:
            self.set_text_shaping(False)

    def _parse_chars(self, text: str, *_args: Any, **_facts: Any) -> Iterator[Fragment]:
        """Yield one fragment for each font, where fpdf2 would part marks from their letters."""
        if not self.text_shaping:
            yield Fragment(text, self._get_current_graphics_state(), self.k)
            return
        found, direction = runs(text), self.text_shaping["fragment_direction"]
        for font, piece in reversed(found) if direction == TextDirection.RTL else found:
            state = self._get_current_graphics_state()
            state.text_shaping = dict(self.text_shaping)
            state.font_family = self._family(font, state.font_style)
            state.current_font = self.fonts[state.font_family + state.font_style]
            yield Fragment(piece, state, self.k)

    @contextmanager
    def tagged(self, kind: str = "P", *, says: str = "") -> Iterator[None]:
        """Tag what is drawn inside; `says`: the words for a picture."""
        mark = self._tags.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=mark, alt_text=says or None)
        self._out(f"/{kind} <</MCID {mark}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn inside as nothing to read."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    @contextmanager
    def read(self, language: str, part: int | None = None) -> Iterator[None]:
        """Read what is written inside in this language.

        `part`: its position in the order of the page, the same for all that belongs together.
        """
        before = self._tags.language, self._tags.part
        self._tags.language = language
        self._tags.part = before[1] if part is None else part
        yield
        self._tags.language, self._tags.part = before

    def bytes(self) -> bytes:
        self._tags.in_order()
        made = bytes(self.output())
        self._folder.cleanup()
        return made
