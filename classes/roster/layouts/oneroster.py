"""Read a OneRoster 1.1 or 1.2 zip as rows of one child and one adult. Pure.

It names people and classes. It knows no parental responsibility and no court order, so it decides nobody's access: a
parent, guardian or relative comes in as a contact.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from classes.roster.files.plain import bare
from classes.roster.headers import OF_ACCESS
from classes.roster.layouts.oneroster_files import (
    CLASSES,
    DEMOGRAPHICS,
    ENROLLMENTS,
    MOST_ROWS,
    ORGS,
    ROLES,
    TOO_LARGE,
    USERS,
    Line,
    open_files,
)
from classes.roster.layouts.table import RawRow, RosterUnreadable, Table
from classes.roster.remarks import Remark, printable

ADULTS = frozenset({"parent", "guardian", "relative"})
STUDENT = "student"
_UPN = re.compile(r"\{\s*UPN\s*:([^{}]*)\}", re.IGNORECASE)
# Our field → the column that it is read from, as a fault names it.
OF_CHILD = {
    "pupil_ref": "sourcedId",
    "admission_number": "identifier",
    "upn": "userIds",
    "legal_forename": "givenName",
    "legal_surname": "familyName",
    "preferred_forename": "preferredGivenName",
    "preferred_surname": "preferredFamilyName",
    "date_of_birth": "birthDate",
    "classroom": "title",
    "year": "grades",
}
OF_ADULT = {
    "contact_ref": "sourcedId",
    "contact_forename": "givenName",
    "contact_surname": "familyName",
    "email": "email",
    "mobile": "sms",
}


def read_one_roster(data: bytes, today: date | None) -> Table:
    """Return the children with their adults.

    `today`: enrolments of other days do not count.

    A row's number is the child's in users.csv. Raises RosterUnreadable.
    """
    zipped = _Zipped(data, today)
    table = Table(zipped.titles(), unsaid=OF_ACCESS)
    for child in zipped.children():
        table.rows.extend(zipped.rows_of(child))
    zipped.check_schools()
    table.passed_over.extend(zipped.remarks)
    if not table.rows:
        raise RosterUnreadable(_("This OneRoster file has no children in it. Please export it again."))
    return table


class _Zipped:
    """The files of a zip, joined by their ids."""

    def __init__(self, data: bytes, today: date | None) -> None:
        self.files, self.today = open_files(data), today
        self.remarks: list[Remark] = [] if self.has_birthdays else [Remark("no_birthdays", 1)]
        self.users = self.by_id()
        self.check_agents()
        self.roles = self.roles_of_users()
        self.birthdays = {line.get("sourcedId"): line for line in self.files[DEMOGRAPHICS].present}
        self.classes = {line.get("sourcedId"): line for line in self.files[CLASSES].present}
        self.schools: set[str] = set()
        self.classes_of: dict[str, list[Line]] = defaultdict(list)
        for line in self.files[ENROLLMENTS].present:
            room = self.classes.get(line.get("classSourcedId"))
            if room and line.get("role").casefold() == STUDENT and self.is_now(line):
                self.classes_of[line.get("userSourcedId")].append(room)
        self.named_by: dict[str, list[str]] = defaultdict(list)
        for ref, user in self.users.items():
            for other in user.list("agentSourcedIds"):
                self.named_by[other].append(ref)

    def by_id(self) -> dict[str, Line]:
        """Return users by id.

        Those to be deleted, and a second row of one id, are passed over with a note.
        """
        found: dict[str, Line] = {}
        for line in self.files[USERS].lines:
            ref = line.get("sourcedId")
            if line.is_gone:
                self.remarks.append(Remark("to_be_deleted", line.number, {"ref": ref}))
            elif ref and ref in found:
                self.remarks.append(Remark("user_twice", line.number, {"ref": ref, "row": found[ref].number}))
            else:
                found[ref or f"row {line.number}"] = line
        return found

    def check_agents(self) -> None:
        """Refuse more agents than a school has.

        Each becomes a row, and a small zip holds millions.
        """
        if sum(user.get("agentSourcedIds").count(",") for user in self.users.values()) > MOST_ROWS:
            raise RosterUnreadable(str(TOO_LARGE))

    def roles_of_users(self) -> dict[str, set[str]]:
        """Return id → roles.

        Of users.csv in version 1.1, of roles.csv in 1.2.
        """
        roles: dict[str, set[str]] = defaultdict(set)
        for ref, user in self.users.items():
            roles[ref] |= {user.get("role").casefold()} - {""}
        for line in self.files[ROLES].present:
            if self.is_now(line):
                roles[line.get("userSourcedId")].add(line.get("role").casefold())
        if not any(roles.values()):
            raise RosterUnreadable(_("Nothing in this zip says who is a student. Please export it again."))
        return roles

    def is_now(self, line: Line) -> bool:
        """Return whether an enrolment or role counts today.

        A date that is none counts as no limit.
        """
        if self.today is None:
            return True
        begin, end = (line.get(name)[:10] for name in ("beginDate", "endDate"))
        today = self.today.isoformat()
        return not (_is_day(begin) and begin > today) and not (_is_day(end) and end < today)

    def titles(self) -> dict[str, str]:
        optional = ("identifier", "userIds", "preferredGivenName", "preferredFamilyName")
        lacks = {column for column in optional if not self.files[USERS].has(column)}
        lacks |= set() if self.has_birthdays else {"birthDate"}
        return {name: column for name, column in OF_CHILD.items() if column not in lacks}

    @property
    def has_birthdays(self) -> bool:
        """Whether the zip has demographics.csv, which the specification leaves open."""
        return self.files[DEMOGRAPHICS].is_here

    def children(self) -> list[Line]:
        return [user for ref, user in self.users.items() if STUDENT in self.roles[ref]]

    def rows_of(self, child: Line) -> Iterator[RawRow]:
        rooms = self.rooms_of(child)
        cells = {name: child.get(column) for name, column in OF_CHILD.items()}
        ref = child.get("sourcedId")
        upn = _UPN.search(child.get("userIds"))
        birthday = self.birthdays.get(ref)
        room = rooms[0] if len(rooms) == 1 else None
        cells |= {
            "upn": upn[1].strip() if upn else "",
            "date_of_birth": birthday.get("birthDate") if birthday else "",
            "classroom": room.get("title") if room else "",
            "year": child.get("grades") or (room.get("grades") if room else ""),
        }
        if len(rooms) > 1:
            yield RawRow(child.number, cells, "two_classes")
            return
        self.schools |= {room.get("schoolSourcedId")} - {""} if room else set()
        adults = list(self.adults_of(child))
        for adult in adults:
            yield RawRow(
                child.number, cells | _adult_cells(adult), titles=self.titles() | _adult_titles(adult)
            )
        if not adults:
            yield RawRow(child.number, cells)

    def rooms_of(self, child: Line) -> list[Line]:
        """Return the child's class.

        The one marked homeroom, or else the only one.
        """
        rooms = list(
            {room.get("sourcedId"): room for room in self.classes_of[child.get("sourcedId")]}.values()
        )
        homerooms = [room for room in rooms if room.get("classType").casefold() == "homeroom"]
        return homerooms or rooms

    def adults_of(self, child: Line) -> Iterator[Line]:
        """Yield parents, guardians and relatives, tied in either direction."""
        ref = child.get("sourcedId")
        for other in dict.fromkeys([*child.list("agentSourcedIds"), *self.named_by[ref]]):
            if self.roles[other] & ADULTS and other in self.users:
                yield self.users[other]
            elif other not in self.users:
                self.remarks.append(Remark("agent_unknown", child.number, {"ref": other}))
            elif STUDENT not in self.roles[other]:
                self.remarks.append(Remark("agent_no_guardian", child.number, {"ref": other}))

    def check_schools(self) -> None:
        """Refuse a file of several schools: one school has one portal."""
        if len(self.schools) > 1:
            names = {line.get("sourcedId"): line.get("name") for line in self.files[ORGS].lines}
            said = printable(", ".join(sorted(names.get(ref) or ref for ref in self.schools)))
            raise RosterUnreadable(
                _("This file holds several schools: {schools}. Please export one of them.").format(
                    schools=said
                )
            )


def _is_day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII))


def _adult_cells(adult: Line) -> dict[str, str]:
    cells = {name: adult.get(column) for name, column in OF_ADULT.items()}
    return cells | {"mobile": adult.get("sms") or adult.get("phone")}


def _adult_titles(adult: Line) -> dict[str, str]:
    """Return the columns with the row of users.csv in which this adult stands."""
    row = _("row %(row)s") % {"row": adult.number}
    has = adult.cells.keys()
    return {
        name: f"{column} ({row})"
        for name, column in OF_ADULT.items()
        if bare(column) in has or (name == "mobile" and "phone" in has)
    }
