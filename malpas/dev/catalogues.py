"""
The catalogues of translations: compiled at each start, and brought up to date with `--extract`.

Babel does both, so that no gettext programs have to be installed. A catalogue also carries sentences of Django and
allauth that have no Welsh of their own, or poor Welsh. They stand in no code of ours: the comment `#. vendor` above an
entry keeps it.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from malpas.dev.folders import ROOT

VENDOR = "vendor"
APPS = ("malpas", "accounts", "classes", "points", "messaging", "stories", "moderation")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def compile_all(locale: Path) -> list[Path]:
    """Write the .mo beside each .po of `locale` that is newer than its .mo; return the files written."""
    return [_compile(source) for source in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime <= source.stat().st_mtime


def _compile(source: Path) -> Path:
    with source.open("rb") as file:
        catalogue = read_po(file)
    # Whole or not at all: processes that start meanwhile read the old one.
    half = source.with_suffix(".mo.new")
    with half.open("wb") as file:
        write_mo(file, catalogue)
    return half.replace(source.with_suffix(".mo"))


def sentences(root: Path) -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    """Yield (file, sentence or its forms, comments for translators, context) for all that is marked below `root`."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in(path, root, path.read_text())
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            yield from _in(path, root, _as_python(path.read_text()))


def _in(
    path: Path, root: Path, source: str
) -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    found = extract(
        "python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=["Translators:"],
        options={"encoding": "utf-8"}, strip_comment_tags=True,
    )  # fmt: skip
    for _line, message, comments, context in found:
        yield str(path.relative_to(root)), message, comments, context


def _as_python(template: str) -> str:
    from django.utils.translation.template import templatize

    # What is left of the page has no meaning as indentation.
    return "\n".join(line.lstrip() for line in templatize(template).splitlines())


def template_catalogue(root: Path) -> Catalog:
    """Return all marked sentences as a catalogue without translations."""
    catalogue = Catalog(project="Malpas", charset="utf-8", fuzzy=False)
    for file, message, comments, context in sentences(root):
        catalogue.add(message, None, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def vendor_entries(catalogue: Catalog) -> list[Message]:
    """Return the entries that are kept because Django or allauth says them."""
    return [message for message in catalogue if VENDOR in message.auto_comments]


def with_vendor_entries(template: Catalog, catalogue: Catalog) -> Catalog:
    """Add to `template` the vendor entries of `catalogue`, without their translations."""
    for message in vendor_entries(catalogue):
        template.add(message.id, None, auto_comments=[VENDOR], context=message.context)
    return template


def update_all(root: Path) -> list[Path]:
    """Bring each .po below `root`/locale up to date: new sentences are empty, dropped ones leave it."""
    template = template_catalogue(root)
    return [_update(path, template) for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))]


def _update(path: Path, template: Catalog) -> Path:
    with path.open("rb") as file:
        catalogue = read_po(file)
    # Never by likeness: a guessed translation looks finished.
    catalogue.update(
        with_vendor_entries(template, catalogue), no_fuzzy_matching=True, update_creation_date=False
    )
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
    return path


if __name__ == "__main__":
    if sys.argv[1:] == ["--extract"]:
        print(*update_all(ROOT), sep="\n")
    compile_all(ROOT / "locale")
