"""Compare one row that the portal has with what the file says of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from classes.corrections.values import as_text
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil

Fields = dict[str, tuple[object, object]]
# What the office corrects by hand, and an import does not set back unasked.
BY_HAND = frozenset(
    {"legal_forename", "legal_surname", "preferred_forename", "preferred_surname"}
    | {"title", "forename", "surname", "email", "mobile"}
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One known row that the file has otherwise.

    `fields`: name → (value now, new value).
    """

    what: Pupil | Contact | Guardianship
    fields: Fields

    @property
    def joined(self) -> bool:
        """Return whether an adult who uses the portal is affected.

        The office should look at it.
        """
        return isinstance(self.what, Guardianship) and self.what.joined_at is not None


@dataclass(frozen=True)
class Correction:
    """A value that somebody has corrected by hand, and the file has otherwise.

    The portal's own is kept unless somebody chooses the file's.
    """

    what: Pupil | Contact | Guardianship
    name: str
    here: object
    file: object

    @property
    def id(self) -> str:
        return f"{self.what._meta.model_name}-{self.what.pk}-{self.name}"


@dataclass
class Tally:
    changed: list[Change] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    unchanged: int = 0

    def compare(
        self,
        what: Pupil | Contact | Guardianship,
        wanted: Mapping[str, object],
        by_hand: Collection[str] = (),
    ) -> None:
        """Count one known row as changed or unchanged.

        `wanted`: the file's values. Classes are compared by name. `by_hand`: the columns that somebody corrected.
        """
        differing: Fields = {}
        for name, value in wanted.items():
            now = value_of(what, name)
            if now == value:
                continue
            if name in by_hand:
                self.corrections.append(Correction(what, name, now, value))
            else:
                differing[name] = (now, value)
        if differing:
            self.changed.append(Change(what, differing))
        else:
            self.unchanged += 1

    def take(self, chosen: Collection[str]) -> None:
        """Make changes of the corrections whose file's value somebody has chosen."""
        for each in [one for one in self.corrections if one.id in chosen]:
            earlier = next((change for change in self.changed if change.what is each.what), None)
            if earlier is None:
                earlier = Change(each.what, {})
                self.changed.append(earlier)
                self.unchanged -= 1
            earlier.fields[each.name] = (each.here, each.file)
        self.corrections = [one for one in self.corrections if one.id not in chosen]


def corrected_since(person: Pupil | Contact, said: Mapping[str, object] | None) -> set[str]:
    """Return which names and addresses are not what the last import said of this person.

    Of a column that its file did not have: what it wrote there instead.
    """
    here = {name for name in BY_HAND if hasattr(person, name)}
    if said is None:
        return here
    silent = {"preferred_forename": said.get("legal_forename")}
    return {name for name in here if said.get(name, silent.get(name, "")) != value_of(person, name)}


def corrected_facts(
    guardianship: Guardianship, last: Mapping[str, Collection[str]], wanted: Mapping[str, object]
) -> set[str]:
    """Return which facts stand as somebody set them by hand.

    `last`: column → the values last set.

    A court order that the file reports always counts (PA-2). `wanted`: the file's values.
    """
    by_hand = {name for name, values in last.items() if as_text(getattr(guardianship, name)) in values}
    return by_hand - {"court_order"} if wanted.get("court_order") else by_hand


def value_of(what: object, name: str) -> object:
    value = getattr(what, name)
    return value.name if isinstance(value, Classroom) else value
