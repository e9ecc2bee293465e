"""Draw the cards with which pupils sign in (PU-4).

Eight on a sheet of A4, each with dragon, name, QR and pictures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from django.utils.translation import override

from classes.avatar.drawing import dragon
from classes.enums import Picture
from classes.models.classrooms import Classroom
from classes.pupil_access.cards import IssuedCard
from classes.pupil_access.pictures import picture
from classes.short_names import named, short_names_in

if TYPE_CHECKING:
    from classes.pdf.sheet import Sheet

ACROSS, DOWN = 2, 4
WIDTH, HEIGHT = 90.0, 66.0
LEFT, TOP = 15.0, 16.0
QR_SIDE = 41.0
SIDE, STEP = 12.5, 14.0


def cards_pdf(cards: Sequence[IssuedCard], classroom: Classroom) -> bytes:
    """Return the cards of a class as one PDF."""
    from classes.pdf.sheet import Sheet  # imported late: it takes a third of what a process needs to start

    sheet, names = Sheet(f"Cardiau · Cards – {classroom.name}"), short_names_in([classroom.pk])
    sheet.prepare([classroom.name, *(named(card.pupil, names) for card in cards)])
    for number, card in enumerate(cards):
        position = number % (ACROSS * DOWN)
        if position == 0:
            sheet.add_page()
        x, y = LEFT + position % ACROSS * WIDTH, TOP + position // ACROSS * HEIGHT
        _card(sheet, card, x, y, classroom.name, named(card.pupil, names))
    return sheet.bytes()


def on_paper(drawn: str) -> BytesIO:
    """Return a page's drawing as a file: with namespace, without empty paths."""
    drawn = re.sub(r'<path d=""[^>]*/>', "", drawn)
    return BytesIO(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode())


def _word(name: Picture, language: str) -> str:
    with override(language):
        return str(name.label)


def _card(sheet: Sheet, card: IssuedCard, x: float, y: float, room: str, name: str) -> None:
    sheet.set_line_width(0.2)
    with sheet.decoration():
        sheet.rect(x, y, WIDTH, HEIGHT)
        sheet.image(on_paper(dragon(*card.pupil.dragon)), x=x + 5, y=y + 4, w=32, h=32)
    below = sheet.write_at(x + 4, y + 39, 38, name, size=15, bold=True, tag="H1", shrink=True)
    sheet.write_at(x + 4, below, 38, room, size=9)
    sheet.qr(card.address, x=x + WIDTH - QR_SIDE - 2, y=y + 2, side=QR_SIDE)
    for number, each in enumerate(card.pictures):
        left = x + WIDTH - 3 * STEP - 3 + number * STEP
        with sheet.decoration():
            sheet.image(on_paper(picture(each)), x=left, y=y + 44, w=SIDE, h=SIDE)
        below = y + 57
        for language in ("cy", "en"):
            with sheet.read(language):
                word = _word(each, language)
                below = sheet.write_at(left - 0.75, below, STEP, word, size=7.5, align="C", shrink=True)
