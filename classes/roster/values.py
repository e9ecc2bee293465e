"""Turn a row's cells into column values.

The portal's own spelling of names wins.
"""

from collections.abc import Collection, Iterable

from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil

from .cells import fits, folded, restored
from .rows import ContactCells, PupilCells

NAMES = frozenset(
    {"legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "forename", "surname"}
)


def pupil_values(found: PupilCells, known: Pupil | None = None) -> dict[str, object]:
    """Return the pupil's columns that the file has.

    Without `known`, all that a new pupil needs. Letters that were lost on the way never replace the portal's own
    spelling.
    """
    values = {
        "legal_forename": found.legal_forename or (None if known else found.preferred_forename),
        "legal_surname": found.legal_surname or (None if known else ""),
        "preferred_surname": found.preferred_surname,
        "preferred_forename": found.preferred_forename or (None if known else found.legal_forename),
        "date_of_birth": found.date_of_birth,
        "year": found.year,
        "admission_number": found.admission_number,
        "upn": found.upn,
        "left_on": None if known else found.left_on,
    }
    return _restored({name: value for name, value in values.items() if value is not None}, known)


def contact_values(found: ContactCells, known: Contact | None = None) -> dict[str, object]:
    """Return the contact's columns, as `pupil_values` does.

    An empty title says nothing; an empty address or telephone clears the known one.
    """
    values = {
        "title": found.title or None,
        "forename": found.forename or (None if known else ""),
        "surname": found.surname or (None if known else ""),
        "email": found.email,
        "mobile": found.mobile,
    }
    return _restored({name: value for name, value in values.items() if value is not None}, known)


def _restored(values: dict[str, object], known: Pupil | Contact | None) -> dict[str, object]:
    for name in NAMES & values.keys() if known else ():
        values[name] = restored(getattr(known, name), str(values[name]))
    return values


SAME_CLASS, NEW_CLASS = "same", "others"


class ClassNames:
    """Find classes by name, ignoring capitals and lost letters.

    `in_file`: all names of the file. `said`: what somebody has said of classes that were renamed here: SAME_CLASS,
    NEW_CLASS, or '' for not yet. `asked`: (name in the file, name here).
    """

    def __init__(self, rooms: Iterable[Classroom], in_file: Collection[str] = (), said: str = ""):
        rooms = list(rooms)
        self.names = [room.name for room in rooms]
        here = {folded(name) for name in in_file}
        # A file that has the new name as well means two classes.
        renamed = [room for room in rooms if folded(room.name) not in here]
        self.agreed = {folded(room.roster_name): room.name for room in renamed if room.roster_name}
        self.renamed = {folded(room.renamed_from): room.name for room in renamed if room.renamed_from}
        self.said = said
        self.asked: list[tuple[str, str]] = []
        self.new: list[str] = []
        self.used: set[str] = set()
        self.answers: dict[str, str] = {}

    @property
    def known_in_file(self) -> int:
        return len(self.used - set(self.new))

    def find(self, name: str) -> str:
        if name not in self.answers:
            self.answers[name] = self.search(name)
        self.used.add(self.answers[name])
        return self.answers[name]

    def search(self, name: str) -> str:
        for known in self.names:
            if known == name or folded(known) == folded(name) or fits(known, name):
                return known
        if folded(name) in self.agreed:
            return self.agreed[folded(name)]
        if here := self.renamed.get(folded(name)):
            self.asked.append((name, here))
            if self.said == SAME_CLASS:
                return here
        self.new.append(name)
        self.names.append(name)
        return name
