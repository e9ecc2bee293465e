"""Compare and sort names as people look for them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Concat

MOST_WORDS = 6  # of a search; more are left out

# Letters that are no letter with an accent: Unicode does not take them apart.
_BARRED, _PLAIN = "łŁøØđĐħĦ", "llooddhh"


MARKS = re.compile("[\u0300-\u036f'\u2018\u2019`]")


class Plain(Func):
    """Text without capitals, accents and apostrophes: `Llŷr` as 'llyr', `O’Brien` as 'obrien'.

    The collation of the database changes nothing about it. Names are sorted by it too: Á with A, and the Welsh ch, dd
    and ll by their first letter, as registers of a school in Wales are.
    """

    template = (
        "translate(regexp_replace(lower(normalize(%(expressions)s, NFD)), '[\u0300-\u036f''\u2018\u2019`]', '', 'g'), "
        f"'{_BARRED}', '{_PLAIN}')"
    )
    arity = 1
    output_field = TextField()


def plain(text: str) -> str:
    """Return what `Plain` makes of a text, for lists that are not sorted by the database."""
    taken_apart = unicodedata.normalize("NFD", text.lower())
    return MARKS.sub("", taken_apart).translate(str.maketrans(_BARRED, _PLAIN))


def words_of(q: str) -> list[str]:
    """Return the words to look for, at most six."""
    return q.split()[:MOST_WORDS]


def having_words(rows: QuerySet[Any], columns: Iterable[str], words: Iterable[str]) -> QuerySet[Any]:
    """Return rows in which every word stands, in any order, with accents or without."""
    parts = [part for column in columns for part in (F(column), Value(" "))]
    found = rows.annotate(searched=Plain(Concat(*parts, output_field=TextField())))
    for word in words:
        found = found.filter(searched__contains=Plain(Value(word, TextField())))
    return found
