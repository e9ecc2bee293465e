"""Choose a font for each piece of a text, and cut fonts to what is printed.

Letters, cards and posters carry names in any script. Noto Sans has Latin, Greek and Cyrillic letters; other scripts
have a font each, Chinese, Japanese and Korean one together, and emoji theirs, in outline.
"""

import logging
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import manimgx_fonts
import manimgx_fonts_cjk
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib import instancer

from classes.pdf.text import LATIN, SHAPING, clusters, is_plain

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it logs every glyph that it cuts

_NOTO = Path(manimgx_fonts.__file__).parent
_CJK = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED = 2  # the collection's font with the shapes of mainland China; it has the kana and Hangul too
WEIGHTS = {"": 400, "B": 700}
BOX = "□"  # stands for each letter that no font has


class Font(NamedTuple):
    """A font file; `number` within a collection."""

    name: str
    path: Path
    number: int = -1

    def open(self) -> TTFont:
        return TTFont(self.path, fontNumber=self.number, lazy=True)


def _named(name: str) -> Font:
    return Font(name.lower(), _NOTO / f"{name}[wght].ttf")


NOTO = _named("NotoSans")
_LAST = ("NotoSansSymbols", "NotoEmoji")
_SCRIPTS = sorted(
    name
    for name in (path.name.partition("[")[0] for path in _NOTO.glob("NotoSans?*.ttf"))
    if not name.endswith("-Italic") and name not in _LAST
)
CJK, SYMBOLS, EMOJI = Font("notosanscjk", _CJK, _SIMPLIFIED), *map(_named, _LAST)
FONTS = (NOTO, *map(_named, _SCRIPTS), CJK, SYMBOLS, EMOJI)
LARGE = (CJK, EMOJI)
_WRITTEN = FONTS[: FONTS.index(CJK)]  # their spaces stand between words of one direction


class Run(NamedTuple):
    """A piece of text that one font prints."""

    font: Font
    text: str


@lru_cache(maxsize=len(FONTS))
def _letters(font: Font) -> frozenset[int]:
    return frozenset(font.open().getBestCmap())


def _font_of(cluster: str, before: Font | None) -> Font | None:
    """Return the font for a letter with its marks: the one before goes on if it can."""
    needed = {ord(each) for each in cluster if not SHAPING.match(each)}
    goes_on = before in _WRITTEN if cluster.isspace() else before and not is_plain(cluster)
    first = [before] if before and goes_on else []
    return next((font for font in (*first, *FONTS) if needed <= _letters(font)), None)


def runs(text: str) -> list[Run]:
    """Return the text as runs of one font each, in its order.

    What no font has stands as BOX.
    """
    found: list[Run] = []
    for cluster in clusters(text):
        font = _font_of(cluster, found[-1].font if found else None)
        if font is None:
            cluster, font = BOX, _font_of(BOX, None) or NOTO
        if found and found[-1].font == font:
            found[-1] = Run(font, found[-1].text + cluster)
        else:
            found.append(Run(font, cluster))
    return found


def missing(text: str) -> list[str]:
    """Return what of a text no font has, each once, in order."""
    found = [each for each in clusters(text) if each.strip() and _font_of(each, None) is None]
    return list(dict.fromkeys(found))


def font_file(font: Font, style: str, letters: Iterable[str]) -> bytes:
    """Return a font file of one weight that has these letters: of a large font they alone."""
    if font not in LARGE:
        return _whole(font, style)
    tables = font.open()
    _keep(tables, (ord(each) for each in letters), layout_features=["*"])
    if "CFF2" in tables:
        _draw_as_truetype(tables, WEIGHTS[style])
        return _saved(tables)
    return _of_weight(tables, style)


@lru_cache(maxsize=2 * len(FONTS))
def _whole(font: Font, style: str) -> bytes:
    """Return a font of one weight. Made once in each process that needs it, in half a second.

    Of Noto Sans with what places marks, not with the many features of typesetters.
    """
    tables = font.open()
    if font == NOTO:
        _keep(tables, _letters(NOTO), layout_features=["ccmp", "locl", "mark", "mkmk"])
    return _of_weight(tables, style)


@lru_cache(maxsize=len(WEIGHTS))
def latin(style: str) -> bytes:
    """Return the font of plain Latin text, without what shapes others: most letters need no more."""
    tables = NOTO.open()
    _keep(tables, LATIN, layout_features=[], drop_tables=["GSUB", "GPOS", "GDEF"])
    return _of_weight(tables, style)


def _keep(tables: TTFont, letters: Iterable[int], **options: Any) -> None:
    subsetter = subset.Subsetter(subset.Options(notdef_outline=True, **options))
    subsetter.populate(unicodes={*letters, 0x20})
    subsetter.subset(tables)


def _of_weight(tables: TTFont, style: str) -> bytes:
    instancer.instantiateVariableFont(tables, {"wght": WEIGHTS[style]}, inplace=True)
    return _saved(tables)


def _saved(tables: TTFont) -> bytes:
    file = BytesIO()
    tables.save(file)
    return file.getvalue()


def _draw_as_truetype(tables: TTFont, weight: int) -> None:
    """Replace the cubic outlines of a variable font by quadratic ones of one weight, which fpdf2 embeds."""
    order, drawn = tables.getGlyphOrder(), tables.getGlyphSet(location={"wght": weight})
    tables["loca"], tables["glyf"] = newTable("loca"), newTable("glyf")
    tables["glyf"].glyphOrder, tables["glyf"].glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        tables["glyf"].glyphs[name] = pen.glyph()
        tables["hmtx"].metrics[name] = (round(drawn[name].width), 0)
    tables["maxp"].tableVersion = 0x00010000
    for field in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(tables["maxp"], field, 1 if field == "maxZones" else 0)
    tables["post"].formatType, tables["post"].extraNames, tables["post"].mapping = 2.0, [], {}
    tables.sfntVersion = "\0\1\0\0"
    for table in ("CFF2", "VORG", "fvar", "avar", "HVAR", "VVAR", "MVAR", "STAT"):
        if table in tables:
            del tables[table]
