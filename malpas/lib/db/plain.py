"""Compare and sort names as people look for them."""

from django.db.models import Func, TextField

# Letters that are no letter with an accent: Unicode does not take them apart.
_BARRED, _PLAIN = "łŁøØđĐħĦ", "llooddhh"


class Plain(Func):
    """Text without capitals, accents and apostrophes: `Llŷr` as 'llyr', `O’Brien` as 'obrien'.

    The collation of the database changes nothing about it.
    """

    template = (
        "translate(regexp_replace(lower(normalize(%(expressions)s, NFD)), '[\u0300-\u036f''\u2018\u2019`]', '', 'g'), "
        f"'{_BARRED}', '{_PLAIN}')"
    )
    arity = 1
    output_field = TextField()
