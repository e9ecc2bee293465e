"""Hold the sentences that the import says about rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "school_ref": _("id in the school's system"),
    "legal_forename": _("legal forename"),
    "legal_surname": _("legal surname"),
    "preferred_forename": _("chosen forename"),
    "preferred_surname": _("surname they use"),
    "date_of_birth": _("date of birth"),
    "classroom": _("class"),
    "year": _("year"),
    "admission_number": _("admission number"),
    "upn": _("UPN"),
    "left_on": _("leaving date"),
    "title": _("title"),
    "forename": _("forename"),
    "surname": _("surname"),
    "email": _("e-mail address"),
    "mobile": _("telephone"),
    "relationship": _("relationship"),
    "priority": _("priority"),
    "parental_responsibility": _("parental responsibility"),
    "court_order": _("court order"),
    "suggestion": _("suggestion"),
}

# A row with one of these is refused; one of the adult's cells refuses the adult alone.
FAULTS: dict[str, Promise] = {
    "cut": _("The row has too few cells: it seems to be cut off."),
    "wide": _("The row has more cells than there are columns: a comma may stand in a cell without quotes."),
    "joined": _("Several rows seem to be run together: a quotation mark may be missing."),
    "empty": _("%(column)s is empty."),
    "too_long": _("%(column)s is longer than %(limit)s letters."),
    "formula": _("%(column)s looks like a spreadsheet formula: %(value)s"),
    "markup": _("%(column)s holds < or >, which is not part of a name: %(value)s"),
    "invisible": _("%(column)s holds characters that cannot be seen or that turn the text round: %(value)s"),
    "garbled": _("%(column)s has garbled letters (%(value)s). Please export the file as UTF-8."),
    "no_letters": _("%(column)s holds no letters: %(value)s"),
    "not_a_date": _("%(column)s is not a date: %(value)s. Please write it like 31/01/2019."),
    "short_year": _(
        "%(column)s has a year of two digits: %(value)s. Please write it in full, like 31/01/2019."
    ),
    "serial_date": _(
        "%(column)s holds a spreadsheet’s number for a day: %(value)s. Please show the column as dates and export again."
    ),
    "impossible_date": _("%(column)s is not a day in the calendar: %(value)s"),
    "born_in_future": _("%(column)s lies in the future: %(value)s"),
    "too_young": _("By %(column)s the child is not yet one year old: %(value)s"),
    "too_old": _("By %(column)s the child is older than 19: %(value)s"),
    "upn_shape": _("The UPN has one letter and twelve digits; this is not one: %(value)s"),
    "upn_letter": _("The UPN %(value)s has a typing mistake: its first letter does not fit its digits."),
    "year": _("The year is not one this school has (N, R, 1 to 6): %(value)s"),
    "priority": _("%(column)s is not a number from 1 to 99: %(value)s"),
    "yes_no": _("%(column)s says neither yes nor no: %(value)s"),
    "yes_no_empty": _("%(column)s says neither yes nor no: it is empty."),
    "class_is_a_day": _(
        "%(column)s looks like a day (%(value)s): a spreadsheet may have made it of a class such as 3-4. Please export "
        "the file again without opening it in a spreadsheet."
    ),
    "spoiled_id": _(
        "%(column)s looks like a day or a rounded number (%(value)s): a spreadsheet may have changed it. Please export "
        "the file again without opening it in a spreadsheet."
    ),
    "two_classes": _("The child is in several classes today, and none of them is marked as its homeroom."),
    "pupil_differs": _("Pupil %(ref)s has another %(column)s here than in row %(row)s."),
    "contact_differs": _(
        "Contact %(ref)s has another name here than in row %(row)s. Each adult needs an id of their own."
    ),
    "new_without_birthday": _(
        "The file has no birthday for this child, who is new. A parent joins with it: please let the export write "
        "demographics.csv, or add the child by hand."
    ),
    "upn_of_another": _("The UPN %(value)s belongs to pupil %(ref)s in row %(row)s: one child, two ids."),
    "upn_known": _("The UPN %(value)s already belongs to pupil %(ref)s in the portal: one child, two ids."),
    "guardianship_differs": _("Row %(row)s ties the same adult to the same child with other facts."),
    "known_otherwise": _(
        "%(who)s is here with the id %(known)s, and the file says %(ref)s: please say first whether they are the same."
    ),
    "adult_unsure": _(
        "%(who)s has no number, and two adults of this name fit. Please give each a number of their own in the file."
    ),
    "another_child": _(
        "Pupil %(ref)s is somebody else in the portal: name and date of birth differ. Please check the id."
    ),
    "another_adult": _(
        "Contact %(ref)s has another name in the portal. Please check the id; if it is the same person, "
        "change the name in the portal first."
    ),
}

# A row with one of these is imported, with a note.
NOTES: dict[str, Promise] = {
    "two_addresses": _("%(column)s holds more than one address and was left out: %(value)s"),
    "not_an_address": _("%(column)s is not an e-mail address and was left out: %(value)s"),
    "to_be_deleted": _("%(ref)s is to be deleted, as the file says, and was passed over."),
    "user_twice": _("%(ref)s stands in row %(row)s already; this row was passed over."),
    "agent_unknown": _("%(ref)s is named as an adult of this child, and is not in the file."),
    "agent_no_guardian": _(
        "%(ref)s is named as an adult of this child, and is no parent, guardian or relative: passed over."
    ),
    "name_split": _(
        "%(column)s (%(value)s) was read as forename %(forename)s and surname %(surname)s. "
        "Please correct it on the adult’s page where that is wrong."
    ),
    "adult_apart": _(
        "%(who)s has no number, and somebody here has the same name, but no address or telephone shows that they are the "
        "same. They were kept apart."
    ),
    "one_name": _("%(column)s is empty: taken in with one name."),
    "no_birthdays": _(
        "This OneRoster file has no demographics.csv and so no birthdays. Children who are here keep theirs; new ones are "
        "left out."
    ),
    "foot": _("This row is part of a printed report and was passed over: %(value)s"),
    "same_row": _("The row repeats row %(row)s and was passed over."),
    "letter_lost": _(
        "A letter such as ŵ may have been lost in %(column)s: %(value)s. A spelling known already is kept."
    ),
    "zero_lost": _("%(column)s had lost its leading zero; it was put back: %(value)s"),
    "telephone_unread": _("%(column)s is not a telephone number and was left out: %(value)s"),
    "relationship_unknown": _("%(column)s is not one the portal knows and is kept as “Other”: %(value)s"),
    "responsibility_empty": _("%(column)s is empty: taken as no."),
    "address_taken": _(
        "The address %(value)s belongs to contact %(ref)s; %(other)s was taken in without one."
    ),
    "contact_detail_differs": _("%(column)s of contact %(ref)s differs from row %(row)s, which was kept."),
    "not_left": _("%(column)s is no leaving date (%(value)s): taken as “has not left”."),
    "order_unsure": _(
        "No date in this file shows whether the day or the month comes first. They were read day first: please check one."
    ),
    "departed": _("Pupil %(pupil)s has left and is not in the portal: not taken in."),
    "still_left": _("Pupil %(pupil)s has left according to the portal, and stands in the file as a pupil."),
    "guardianship_ended": _(
        "The connection of contact %(ref)s to pupil %(pupil)s was ended in the portal and stays ended."
    ),
}


# What a file does not say: then its adults come in as contacts alone.
UNSAID: dict[str, Promise] = {
    "parental_responsibility": _("The file does not say who has parental responsibility."),
    "court_order": _("The file does not say where a court order stands. Ask before you make a code."),
}


@dataclass(frozen=True)
class Remark:
    """A fault or note by its code; `str()` is the sentence.

    `row` is the spreadsheet's row number. `spares_child`: a fault that costs the row its adult alone.
    """

    code: str
    row: int
    params: dict[str, object] = field(default_factory=dict)
    spares_child: bool = False

    @property
    def is_fault(self) -> bool:
        return self.code in FAULTS

    def __str__(self) -> str:
        sentence = FAULTS.get(self.code) or NOTES[self.code]
        return str(sentence) % {name: printable(value) for name, value in self.params.items()}


def printable(value: object) -> str:
    """Return a cell for a sentence: short, without control characters."""
    text = " ".join(str(value).split())
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return text if len(text) <= 60 else text[:59] + "…"


def sentences(remarks: Iterable[Remark]) -> str:
    """Return what is said of one row."""
    found = list(remarks)
    said = " ".join(str(remark) for remark in found)
    if found and all(remark.spares_child for remark in found):
        return gettext("The child is taken in, this adult is not.") + " " + said
    return said
