"""Say in people's words what a roster would change, part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classes.enums import Suggestion
from classes.models.pupils import Pupil
from classes.models.rosters import RosterColumn
from classes.roster.changes import Change
from classes.roster.headers import SPELLINGS
from classes.roster.layouts.table import Table
from classes.roster.pages.columns import what_a_column_is
from classes.roster.pages.whole_columns import WholeColumn, covers, whole_columns
from classes.roster.plan import Plan
from classes.roster.remarks import UNSAID, Remark, printable, sentences
from classes.roster.report import SOMEBODY_ELSE, by_row, facts_of, spans, top_year_sentence
from classes.roster.rows import PupilCells

AT_MOST = 100  # lines of a part that may come in hundreds


@dataclass(frozen=True)
class Section:
    """One part of the page.

    `lines`: who or what, and what happens; `urgent`: open at once, and with a mark.
    """

    title: str
    lines: list[tuple[str, str]]
    note: str = ""
    urgent: bool = False
    rest: int = field(default=0)


def figures_of(figures: dict[str, int]) -> list[tuple[str, str]]:
    """Return (what, how many come and change) for the top of the page."""
    parts = [
        (_("Children"), "pupils"),
        (_("Adults"), "contacts"),
        (_("Connections"), "guardianships"),
    ]
    both, only_new = _("%(new)s new, %(changed)s changed"), _("%(new)s new")
    found = []
    for name, kind in parts:
        new, changed = figures.get(kind, 0), figures.get(f"{kind}_changed", 0)
        found.append((name, (both if changed else only_new) % {"new": new, "changed": changed}))
    return [*found, (_("Classes"), _("%(new)s new") % {"new": figures.get("classes", 0)})]


def named_columns() -> list[tuple[RosterColumn, str]]:
    """Return the columns that somebody has named, and as what."""
    rows = RosterColumn.objects.order_by("header", "pk")
    return [(row, what_a_column_is(row.field)) for row in rows]


def overview(plan: Plan, table: Table) -> list[Section]:
    """Return the parts that have something to say, what needs a decision first."""
    rows = len({row.number for row in table.rows})
    whole = whole_columns([*plan.roster.refused, *plan.roster.notes], rows)
    found = [
        _unsaid(plan),
        _columns(whole),
        _decide(plan),
        *_gone(plan),
        *_children(plan),
        *_adults(plan),
        *_classes(plan),
        _left_out(plan.roster.refused, whole),
        _notes(plan.roster.notes, whole),
        _section(_("Columns that are not read"), [(title, "") for title in plan.unread]),
    ]
    return [section for section in found if section is not None]


def _section(
    title: str,
    lines: Iterable[tuple[object, object]],
    *,
    note: str = "",
    urgent: bool = False,
    most: int = AT_MOST,
) -> Section | None:
    said = [(printable(who), str(what)) for who, what in lines]
    if not said:
        return None
    return Section(title, said[:most], note, urgent, max(0, len(said) - most))


def _unsaid(plan: Plan) -> Section | None:
    """What a file does not say about access.

    Its adults come in as contacts alone.
    """
    lines = [(SPELLINGS[name][0], UNSAID[name]) for name in plan.unsaid]
    note = _("Adults come in as contacts. Nobody is suggested for an invitation, and what stands here stays.")
    return _section(_("The file decides nobody’s access"), lines, note=note, urgent=True)


def _columns(whole: list[WholeColumn]) -> Section | None:
    lines = [(each.column, f"{each.sentence} {each.proposal}") for each in whole]
    return _section(_("The same in a whole column"), lines, urgent=True)


def _decide(plan: Plan) -> Section | None:
    """Court orders, and changed facts of adults who use the portal.

    None is cut off.
    """
    names = {ref: _name(found) for ref, found in plan.roster.pupils.items()}
    adults = {ref: f"{found.forename} {found.surname}" for ref, found in plan.roster.contacts.items()}
    orders = [
        (
            f"{adults.get(contact, contact)} – {names.get(pupil, pupil)}",
            _("A court order stands. Held: ask first."),
        )
        for (pupil, contact), guardianship in plan.new_guardianships.items()
        if guardianship.suggestion == Suggestion.HOLD
    ]
    joined = [(change.what, facts_of(change)) for change in plan.guardianships.changed if change.joined]
    return _section(
        _("For a person to decide"),
        [*joined, *orders],
        note=_(
            "Taking the file in decides none of these. They stand as “Decide now” or “on hold” afterwards."
        ),
        urgent=bool(joined),
        most=len(joined) + len(orders),
    )


def _gone(plan: Plan) -> list[Section | None]:
    missing = ngettext(
        "%(number)s child is not in the file", "%(number)s children are not in the file", len(plan.missing)
    ) % {"number": len(plan.missing)}
    stay = _("They stay as they are: an import removes nobody.")
    return [
        _section(missing, map(_of_class, plan.missing), note=stay, urgent=plan.needs_confirmation),
        _section(
            _("Not in the file, added by hand"),
            map(_of_class, plan.by_hand),
            note=_(
                "They stay. Has the school’s system got them by now? Then write its number on their page."
            ),
        ),
        _section(_("Year 6 goes"), map(_of_class, plan.top_year), note=top_year_sentence(plan)),
    ]


def _children(plan: Plan) -> list[Section | None]:
    come = sorted((room, _name(found)) for found, room in plan.new_pupils)
    # One line for each class: four hundred children are not four hundred lines.
    rooms = [_room(room, list(found)) for room, found in groupby(come, key=lambda one: one[0])]
    changed = plan.pupils.changed
    leave = [c for c in changed if "left_on" in c.fields and c.fields["left_on"][1]]
    move = [c for c in changed if "classroom" in c.fields and c not in leave]
    other = [c for c in changed if c not in leave and c not in move]
    ends = _("From that day the family sees nothing of the child any more.")
    return [
        _section(_("Children who come"), rooms),
        _section(_("Children who change class"), map(_facts, move)),
        _section(_("Children who leave"), map(_facts, leave), note=ends, urgent=bool(leave)),
        _section(_("Changed for children"), map(_facts, other)),
    ]


def _room(room: str, found: list[tuple[str, str]]) -> tuple[object, object]:
    return f"{room} ({len(found)})", ", ".join(printable(name) for _room, name in found)


def _adults(plan: Plan) -> list[Section | None]:
    guardianships = [change for change in plan.guardianships.changed if not change.joined]
    stay = _("They stay until somebody ends them.")
    return [
        _section(_("Changed for adults"), map(_facts, plan.contacts.changed)),
        _section(
            _("Changed between adults and children"), map(_facts, guardianships), most=len(guardianships)
        ),
        _section(
            _("Connections that the file does not have any more"),
            [(guardianship, "") for guardianship in plan.absent_guardianships],
            note=stay,
            most=len(plan.absent_guardianships),
        ),
    ]


def _classes(plan: Plan) -> list[Section | None]:
    new = set(plan.new_classes)
    reads = _("Each needs an account and staff before families write.")
    return [
        _section(_("New classes"), [(name, "") for name in plan.new_classes]),
        _section(
            _("Classes whose messages nobody reads"),
            [(name, _("(new)") if name in new else "") for name in plan.unread_classes],
            note=reads,
        ),
        _section(_("Classes that have no children any more"), [(name, "") for name in plan.empty_classes]),
    ]


def _left_out(refused: Sequence[Remark], whole: list[WholeColumn]) -> Section | None:
    rows = by_row(refused)
    title = ngettext("%(number)s row is left out", "%(number)s rows are left out", len(rows)) % {
        "number": len(rows)
    }
    strangers = [row for row, found in rows.items() if {remark.code for remark in found} <= SOMEBODY_ELSE]
    lines: list[tuple[object, object]] = []
    if len(strangers) > 20:
        lines.append(
            (spans(strangers), _("People who are somebody else here. Is this file from your own system?"))
        )
        rows = {row: found for row, found in rows.items() if row not in strangers}
    lines += _rows({row: [r for r in found if not covers(whole, r)] for row, found in rows.items()})
    if refused and not lines:
        lines = [(spans(list(rows)), _("See the first part of this page."))]
    return _section(title, lines, note=_("The others are taken in."), urgent=True)


def _notes(notes: Sequence[Remark], whole: list[WholeColumn]) -> Section | None:
    rows = by_row([remark for remark in notes if not covers(whole, remark)])
    return _section(_("Taken in, with a remark"), _rows(rows))


def _rows(rows: dict[int, list[Remark]]) -> list[tuple[object, object]]:
    return [(_("Row %(row)s") % {"row": row}, sentences(found)) for row, found in rows.items() if found]


def _facts(change: Change) -> tuple[object, object]:
    return change.what, facts_of(change)


def _of_class(pupil: Pupil) -> tuple[object, object]:
    return pupil, pupil.classroom.name if pupil.classroom else ""


def _name(found: PupilCells) -> str:
    return (
        f"{found.preferred_forename or found.legal_forename} {found.preferred_surname or found.legal_surname}"
    )
