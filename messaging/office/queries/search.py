"""Search enquiries by reference, names and words, with accents or without (PA-7)."""

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Replace

from classes.models.pupils import Pupil
from malpas.lib.db.plain import Plain, words_of
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry


def found(rows: QuerySet[Enquiry], words: str) -> QuerySet[Enquiry]:
    """Filter enquiries in which every word stands, each wherever it likes."""
    reporter = Case(
        When(
            origin__contact__isnull=False, then=_text("origin__contact__forename", "origin__contact__surname")
        ),
        default=F("parent__name"),
        output_field=TextField(),
    )
    plain = Replace(F("reference"), Value(" "))  # as one writes it who reads it from a letter
    texts = (_text("reference", "body"), plain, Value(" "), reporter, Value(" "), _answers())
    rows = rows.annotate(searched=Plain(Concat(*texts, output_field=TextField())))
    for word in words_of(words):
        part = Plain(Value(word, TextField()))
        named = Pupil.objects.filter(enquiries=OuterRef("pk")).annotate(
            searched=Plain(_text("preferred_forename", "legal_forename", "surname", "legal_surname"))
        )
        written = Entry.objects.not_withdrawn().filter(enquiry=OuterRef("pk"))
        written = written.annotate(searched=Plain(F("body")))
        among = [Exists(each.filter(searched__contains=part)) for each in (named, written)]
        rows = rows.filter(Q(searched__contains=part) | Q(among[0]) | Q(among[1]))
    return rows


def _text(*columns: str) -> Concat:
    parts = [part for column in columns for part in (F(column), Value(" "))]
    return Concat(*parts, output_field=TextField())


def _answers() -> Cast:
    """Return the answers of a topic's form as one text.

    Without the names of the questions.
    """
    values = Func(
        F("facts"),
        Value("$.*"),
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)",
    )
    return Cast(values, TextField())
