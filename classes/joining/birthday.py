"""Ask for a date of birth in three boxes, and read it as people type it, in English and in Welsh."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTH_NAMES = (
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth"),
    ("april", "ebrill"),
    ("may", "mai"),
    ("june", "mehefin"),
    ("july", "gorffennaf"),
    ("august", "awst"),
    ("september", "medi"),
    ("october", "hydref"),
    ("november", "tachwedd"),
    ("december", "rhagfyr"),
)
SHORTEST_NAME = 3  # letters of a month
YEAR_FIRST = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|af|ain|il|ydd|eg|fed)?[\s./-]+([^\W_]+)[\s./,-]+(\d+)")
IN_ONE = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)


class NotADay(ValueError):
    """What was typed is no day; `problems` are codes of `BirthdayField.default_error_messages`."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


def _plain(text: object) -> str:
    """Return typed text in small letters, full-width figures made plain."""
    return unicodedata.normalize("NFKC", str(text or "")).casefold().strip()


def _in_parts(text: str) -> list[str]:
    """Return day, month and year of a date that was pasted in one piece, or the text as the day."""
    if found := YEAR_FIRST.fullmatch(text):
        return list(found.groups())[::-1]
    if found := DAY_FIRST.fullmatch(text) or IN_ONE.fullmatch(text):
        return list(found.groups())
    return [text, "", ""]


def _number(text: str, least: int, most: int) -> int | None:
    number = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    return number if least <= number <= most else None


def _month(text: str) -> int | None:
    if len(text) >= SHORTEST_NAME:
        for number, names in enumerate(MONTH_NAMES, 1):
            if any(name.startswith(text) for name in names):
                return number
    return _number(text, 1, 12)


def read_birthday(day: str, month: str, year: str) -> date:
    """Return the date of three typed parts; a whole date may stand in the box of the day.

    Raises NotADay with a problem for each part that is missing or wrong.
    """
    typed = [_plain(part) for part in (day, month, year)]
    if typed[0] and not any(typed[1:]):
        typed = _in_parts(typed[0])
    read = [_number(typed[0], 1, 31), _month(typed[1]), _number(typed[2], FIRST_YEAR, LAST_YEAR)]
    problems = [
        f"{name}_{'wrong' if text else 'missing'}"
        for name, text, number in zip(PARTS, typed, read, strict=True)
        if number is None
    ]
    if problems:
        raise NotADay(*problems)
    try:
        return date(*(number or 0 for number in reversed(read)))
    except ValueError:
        raise NotADay("no_such_day") from None


def _box(letters: int) -> forms.TextInput:
    # Text, and not a number: that would lose a pasted date and turn by the mouse’s wheel. A browser offers none: it
    # knows the birthday of the parent.
    return forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "class": f"input input--{letters}"}
    )


class BirthdayInput(forms.MultiWidget):
    """Day, month and year, each with its own label; a date under the plain name counts as well."""

    template_name = "components/birthday.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({name: _box(4 if name == "year" else 2) for name in PARTS}, attrs)

    def decompress(self, value: date | None) -> list[object]:
        return [value.day, value.month, value.year] if isinstance(value, date) else ["", "", ""]

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> list[str]:
        parts = super().value_from_datadict(data, files, name)
        whole = data.get(name, "")
        return [whole, "", ""] if whole and not any(parts) else parts

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["label"] = label
        return context


class BirthdayField(forms.Field):
    """A date of birth. Each thing that is wrong with it is said by itself."""

    widget = BirthdayInput
    default_error_messages = {
        "day_missing": _("Please add the day."),
        "month_missing": _("Please add the month."),
        "year_missing": _("Please add the year."),
        "day_wrong": _("The day is a number from 1 to 31."),
        "month_wrong": _("The month is a number from 1 to 12."),
        "year_wrong": _("The year needs 4 digits, such as 2018."),
        "no_such_day": _("That month has no such day. Please check the date."),
    }

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or not value:
            return value or None
        if not any(_plain(part) for part in value):
            return None
        try:
            return read_birthday(*value)
        except NotADay as error:
            raise forms.ValidationError(
                [
                    forms.ValidationError(self.error_messages[problem], code=problem)
                    for problem in error.problems
                ]
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True
