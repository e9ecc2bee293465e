"""Plan an import: compare the file with the portal, and write nothing."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TypeVar

from django.db.models import Model, QuerySet

from classes.corrections.queries import facts_set_by_hand
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.models.rosters import RosterRecord
from classes.rules import ADDED_BY_HAND

from .changes import Correction, Tally, corrected_facts, corrected_since
from .dates import check_order
from .layouts.table import Table
from .matching.by_name import NamedAdults
from .matching.identify import SAME, Finder, Renumbered
from .matching.merged_records import other_ids, under_one_id
from .merging import Known, Roster, merge
from .remarks import Remark
from .rows import ContactCells, GuardianshipCells, PupilCells, check_row
from .values import ClassNames, contact_values, pupil_values

CONFIRM_ABOVE_PERCENT = 10  # of the pupils would be gone: often a wrong filter in the export
YEARS = ("N", "R", "1", "2", "3", "4", "5", "6")
SUMMER = (7, 8)  # in which the top year leaves
Row = TypeVar("Row", bound=Model)


@dataclass
class Plan:
    """A planned import.

    `new_*` hold the file's values, the tallies what the portal has already. `missing`: pupils of today that the file
    does not name. They are never deleted. `by_hand`: of those, children added here, who do not count. `top_year`: those of Year 6 who go when the others move up. `absent_guardianships`: guardianships of children in the file to adults
    that it does not name. They are never ended. `asked_classes`: (name in the file, name here) of classes that were
    renamed here.
    """

    roster: Roster
    new_classes: list[str] = field(default_factory=list)
    new_pupils: list[tuple[PupilCells, str]] = field(default_factory=list)
    new_contacts: list[ContactCells] = field(default_factory=list)
    new_guardianships: dict[tuple[str, str], GuardianshipCells] = field(default_factory=dict)
    known_classes: int = 0
    unread_classes: list[str] = field(default_factory=list)
    empty_classes: list[str] = field(default_factory=list)
    pupils: Tally = field(default_factory=Tally)
    contacts: Tally = field(default_factory=Tally)
    guardianships: Tally = field(default_factory=Tally)
    missing: list[Pupil] = field(default_factory=list)
    by_hand: list[Pupil] = field(default_factory=list)
    top_year: list[Pupil] = field(default_factory=list)
    leaving: list[Pupil] = field(default_factory=list)
    absent_guardianships: list[Guardianship] = field(default_factory=list)
    here: int = 0
    unread: list[str] = field(default_factory=list)
    unsaid: tuple[str, ...] = ()
    renumbered: list[Renumbered] = field(default_factory=list)
    asked_classes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def needs_confirmation(self) -> bool:
        """Return whether more than 10 % of today's pupils would be gone.

        Missing from the file, or leaving by it; the top year that goes in summer apart.
        """
        return self.gone * 100 > (self.here - len(self.top_year)) * CONFIRM_ABOVE_PERCENT

    @property
    def gone(self) -> int:
        return len(self.missing) + len(self.leaving)

    @property
    def corrections(self) -> list[Correction]:
        return self.pupils.corrections + self.contacts.corrections + self.guardianships.corrections

    @property
    def suggestions(self) -> Counter[str]:
        return Counter(str(guardianship.suggestion) for guardianship in self.roster.guardianships.values())

    @property
    def figures(self) -> dict[str, int]:
        return {
            "classes": len(self.new_classes),
            "pupils": len(self.new_pupils),
            "contacts": len(self.new_contacts),
            "guardianships": len(self.new_guardianships),
            "pupils_changed": len(self.pupils.changed),
            "contacts_changed": len(self.contacts.changed),
            "guardianships_changed": len(self.guardianships.changed),
            "refused": len(self.roster.refused_rows),
        }

    @property
    def digest(self) -> str:
        """Return a name for all that the plan would do: another plan has another."""
        changed = [
            (change.what._meta.model_name, change.what.pk, sorted(change.fields.items()))
            for tally in (self.pupils, self.contacts, self.guardianships)
            for change in tally.changed
        ]
        new = (self.new_classes, self.new_pupils, self.new_contacts, list(self.new_guardianships.items()))
        gone = ([pupil.pk for pupil in pupils] for pupils in (self.missing, self.leaving, self.top_year))
        by_hand = [(each.id, each.here, each.file) for each in self.corrections]
        remarks = [(remark.code, remark.row) for remark in self.roster.refused + self.roster.notes]
        whole = repr((new, changed, list(gone), by_hand, remarks, self.unread_classes, self.asked_classes))
        return sha256(whole.encode()).hexdigest()[:32]

    def take(self, chosen: Collection[str]) -> None:
        """Take the file's values of these corrections."""
        self.pupils.take(chosen)
        self.contacts.take(chosen)
        self.guardianships.take(chosen)

    @property
    def changes_nothing(self) -> bool:
        new = self.new_classes or self.new_pupils or self.new_contacts or self.new_guardianships
        return not (new or self.pupils.changed or self.contacts.changed or self.guardianships.changed)


def make_plan(
    table: Table, today: date, *, lock: bool = False, same: str = "", same_classes: str = ""
) -> Plan:
    """Compare the file with the portal in a fixed number of queries.

    `lock`: lock the rows that are read until commit. `same`: what somebody has said of people who are here under
    another id: SAME, OTHERS, or '' for not yet. `same_classes`: as `ClassNames` takes it.
    """
    planner = _Planner(table, today, lock, same, same_classes)
    planner.plan_pupils()
    planner.plan_contacts()
    planner.plan_guardianships()
    planner.plan_absences()
    planner.plan_classes()
    planner.plan.roster.notes.sort(key=lambda remark: remark.row)
    return planner.plan


class _Planner:
    def __init__(self, table: Table, today: date, lock: bool, same: str, same_classes: str):
        self.today = today
        is_sure = check_order(table, today)
        rows_of = _locked if lock else _all
        rooms = list(rows_of(Classroom.objects.all()))
        self.pupils = {p.school_ref: p for p in rows_of(Pupil.objects.select_related("classroom"))}
        contacts = list(rows_of(Contact.objects.all()))
        self.contacts = {c.school_ref: c for c in contacts if not c.merged_into_id}
        guardianships = list(rows_of(Guardianship.objects.select_related("pupil", "contact")))
        records = rows_of(RosterRecord.objects.all())
        self.said = {("p" if r.pupil_id else "c", r.pupil_id or r.contact_id): r.said for r in records}
        self.set_by_hand = facts_set_by_hand()
        self.open_guardianships = {
            _pair(guardianship): guardianship
            for guardianship in guardianships
            if guardianship.ended_at is None
        }
        self.ended_guardianships = {_pair(guardianship) for guardianship in guardianships} - set(
            self.open_guardianships
        )
        rows = [check_row(row, table.titles, today) for row in table.rows]
        others = other_ids(contacts)
        rows = under_one_id(rows, others)
        finder = Finder(rows, self.pupils, self.contacts, guardianships)
        rows = NamedAdults([finder.decided(row, same) for row in rows], self.contacts, guardianships).rows
        rows = under_one_id(rows, others)  # an adult without an id may be one who was put together, too
        self.plan = Plan(merge(rows, Known(self.pupils, self.contacts)))
        in_file = [found.classroom for found in self.plan.roster.pupils.values()]
        self.classes = ClassNames(rooms, in_file, same_classes)
        self.plan.renumbered = finder.everybody
        self.new_refs = {each.what: each.ref for each in finder.everybody if same == SAME}
        self.plan.unread, self.plan.unsaid = table.unread, table.unsaid
        self.plan.roster.notes += table.passed_over
        self.row_of: dict[str, int] = {}
        if not is_sure:
            self.plan.roster.notes.append(Remark("order_unsure", table.rows[0].number))
        for row in rows:
            self.row_of.setdefault(row.pair[0], row.number)

    def note(self, code: str, pupil: str, **params: object) -> None:
        """Add a note at the pupil's first row in the file."""
        self.plan.roster.notes.append(Remark(code, self.row_of.get(pupil, 0), {"pupil": pupil, **params}))

    def plan_pupils(self) -> None:
        for ref, found in list(self.plan.roster.pupils.items()):
            known = self.pupils.get(ref)
            if known is not None:
                self.plan_known_pupil(known, found)
            elif found.has_left:
                self.note("departed", ref)
            else:
                self.plan.new_pupils.append((found, self.classes.find(found.classroom)))
        self.plan.new_classes = self.classes.new
        self.plan.known_classes = self.classes.known_in_file

    def plan_known_pupil(self, known: Pupil, found: PupilCells) -> None:
        if found.has_left:
            if not known.has_left(self.today):
                goes = known.year == YEARS[-1] and found.left_on is not None and found.left_on.month in SUMMER
                (self.plan.top_year if goes else self.plan.leaving).append(known)
            self.plan.pupils.compare(known, {"left_on": found.left_on})
            return
        wanted = pupil_values(found, known) | {"classroom": self.classes.find(found.classroom)}
        wanted |= self.new_ref(known)
        if found.knows_departed:
            wanted["left_on"] = found.left_on
        elif known.has_left(self.today):
            self.note("still_left", known.school_ref)
        self.plan.pupils.compare(known, wanted, corrected_since(known, self.said.get(("p", known.pk))))

    def new_ref(self, known: Pupil | Contact) -> dict[str, object]:
        return {"school_ref": self.new_refs[known]} if known in self.new_refs else {}

    def plan_contacts(self) -> None:
        for ref, found in self.plan.roster.contacts.items():
            known = self.contacts.get(ref)
            if known is None:
                self.plan.new_contacts.append(found)
            else:
                said = self.said.get(("c", known.pk))
                wanted = contact_values(found, known) | self.new_ref(known)
                self.plan.contacts.compare(known, wanted, corrected_since(known, said))

    def plan_guardianships(self) -> None:
        for pair, found in self.plan.roster.guardianships.items():
            if pair in self.open_guardianships:
                known = self.open_guardianships[pair]
                last = self.set_by_hand.get((known.pupil_id, known.contact_id), {})
                by_hand = corrected_facts(known, last, found.values)
                self.plan.guardianships.compare(known, found.values, by_hand)
            elif pair in self.ended_guardianships:
                # Somebody in the school ended it, so no import opens it again.
                self.note("guardianship_ended", pair[0], ref=pair[1])
            else:
                self.plan.new_guardianships[pair] = found

    def plan_absences(self) -> None:
        here = [pupil for pupil in self.pupils.values() if not pupil.has_left(self.today)]
        mentions = self.plan.roster.mentions
        absent = [p for p in here if p.school_ref not in mentions and p.upn not in mentions]
        self.plan.by_hand = [pupil for pupil in absent if is_by_hand(pupil)]
        self.plan.here = len(here) - len(self.plan.by_hand)
        moved_up = self.has_moved_up()
        for pupil in [one for one in absent if not is_by_hand(one)]:
            goes = moved_up and pupil.year == YEARS[-1]
            (self.plan.top_year if goes else self.plan.missing).append(pupil)
        staying = {ref for ref, found in self.plan.roster.pupils.items() if not found.has_left}
        self.plan.absent_guardianships = [
            guardianship
            for pair, guardianship in self.open_guardianships.items()
            if pair[0] in staying
            and pair not in self.plan.roster.pairs
            and not is_by_hand(guardianship.contact)
        ]

    def has_moved_up(self) -> bool:
        """Return whether most children of the file are one year above where they were."""
        found = self.plan.roster.pupils
        pairs = [(p.year, found[ref].year) for ref, p in self.pupils.items() if ref in found]
        steps = [YEARS.index(b) - YEARS.index(a) for a, b in pairs if a in YEARS[:-1] and b in YEARS]
        return steps.count(1) * 2 > len(steps)

    def plan_classes(self) -> None:
        """Find classes without readers, and classes that become empty."""
        now = {p.school_ref: p.classroom for p in self.pupils.values() if not p.has_left(self.today)}
        before = {room.name for room in now.values() if room}
        after = {ref: room.name for ref, room in now.items() if room}
        for ref, found in self.plan.roster.pupils.items():
            if found.has_left:
                after.pop(ref, None)
            else:
                after[ref] = self.classes.find(found.classroom)
        read = set(Classroom.objects.read_by_somebody().values_list("name", flat=True))
        self.plan.unread_classes = sorted(set(after.values()) - read)
        self.plan.empty_classes = sorted(before - set(after.values()))
        self.plan.asked_classes = self.classes.asked


def _all(queryset: QuerySet[Row]) -> QuerySet[Row]:
    return queryset.order_by("pk")


def _locked(queryset: QuerySet[Row]) -> QuerySet[Row]:
    return _all(queryset).select_for_update(of=("self",), no_key=True)


def is_by_hand(person: Pupil | Contact) -> bool:
    """Return whether somebody added this person here, so that the school's system does not know them yet."""
    return person.school_ref.startswith(ADDED_BY_HAND)


def _pair(guardianship: Guardianship) -> tuple[str, str]:
    return guardianship.pupil.school_ref, guardianship.contact.school_ref
