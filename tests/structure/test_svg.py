"""Without styles, as in an old browser, a drawing keeps its size: every <svg> names width and height."""

import re

import pytest

from tests.own_code import ROOT, modules

SVG = re.compile(r"<svg\b[^>]*>", re.S)
WITH_SIZE = re.compile(r'\bwidth="[^"]+".*\bheight="[^"]+"', re.S)
FILES = {"classes/pupil_access/card_pdf.py"}  # a file of its own, not part of a page


def without_size(source: str) -> list[str]:
    return [tag for tag in SVG.findall(source) if not WITH_SIZE.search(tag)]


def test_every_drawing_in_a_page_has_a_size():
    sources = [*(ROOT / "templates").rglob("*.html"), *modules()]
    found = {str(path.relative_to(ROOT)): without_size(path.read_text()) for path in sources}
    assert {path: tags for path, tags in found.items() if tags and path not in FILES} == {}


@pytest.mark.parametrize("tag", ["<svg>", '<svg class="icon">', '<svg\n  width="3">'])
def test_one_without_is_found(tag):
    assert without_size(tag) == [tag]


def test_one_with_both_is_not():
    assert without_size('<svg class="icon" width="24" height="24">') == []
