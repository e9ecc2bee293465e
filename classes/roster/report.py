"""Describe a plan line by line, as `import_roster` prints it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classes.enums import Suggestion

from .changes import Change, Correction, Tally
from .plan import Plan
from .remarks import LABELS, UNSAID, Remark, printable, sentences

SOMEBODY_ELSE = {"another_child", "another_adult", "upn_known"}
AT_MOST = 20  # lines of a kind that may come in hundreds


def report(plan: Plan) -> Iterator[str]:
    """Yield counts, suggestions, changes, missing pupils, refused rows, notes."""
    yield from (str(UNSAID[name]) for name in plan.unsaid)
    yield from _figures(plan)
    yield from _suggestions(plan)
    yield from _changes(plan)
    yield from _corrections(plan)
    yield from _absent(plan)
    yield from _classes(plan)
    yield from _refused(plan.roster.refused)
    yield from _notes(plan.roster.notes)
    if plan.unread:
        yield ""
        yield _("Columns that are not read: %(columns)s") % {
            "columns": ", ".join(map(printable, plan.unread))
        }


def _figures(plan: Plan) -> Iterator[str]:
    yield _figure(_("Classes"), len(plan.new_classes), Tally(unchanged=plan.known_classes))
    yield _figure(_("Pupils"), len(plan.new_pupils), plan.pupils)
    yield _figure(_("Contacts"), len(plan.new_contacts), plan.contacts)
    yield _figure(_("Connections"), len(plan.new_guardianships), plan.guardianships)


def _figure(name: str, new: int, tally: Tally) -> str:
    figures = {"name": name, "new": new, "changed": len(tally.changed), "same": tally.unchanged}
    return _("%(name)s: %(new)d new, %(changed)d changed, %(same)d unchanged") % figures


def _suggestions(plan: Plan) -> Iterator[str]:
    counted = plan.suggestions
    yield ""
    yield _("Suggestions, for the office to confirm (nobody is invited by this):")
    yield _("  invite: %d") % counted[Suggestion.INVITE]
    yield _("  hold, a court order stands: %d") % counted[Suggestion.HOLD]
    yield _("  contact only: %d") % counted[Suggestion.CONTACT_ONLY]


def _changes(plan: Plan) -> Iterator[str]:
    for tally in (plan.pupils, plan.contacts):
        yield from _some([_change(change) for change in tally.changed])
    # The facts of a guardianship decide who may see a child, so none is cut short.
    yield from (_change(change) for change in plan.guardianships.changed)


def _change(change: Change) -> str:
    line = _("changed: %(who)s: %(facts)s") % {"who": printable(change.what), "facts": facts_of(change)}
    return line + " " + _("(this adult uses the portal: please look)") if change.joined else line


def facts_of(change: Change) -> str:
    """Return the fields of a change with their old and new values."""
    return "; ".join(
        _("%(field)s %(old)s → %(new)s") % {"field": LABELS[name], "old": said(old), "new": said(new)}
        for name, (old, new) in change.fields.items()
    )


def said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"“{printable(value)}”" if value not in (None, "") else _("nothing")


def _absent(plan: Plan) -> Iterator[str]:
    if plan.missing:
        yield ""
        yield ngettext(
            "%(count)d of %(here)d pupils is not in the file and is left as is:",
            "%(count)d of %(here)d pupils are not in the file and are left as they are:",
            len(plan.missing),
        ) % {"count": len(plan.missing), "here": plan.here}
        yield from _some([f"  {printable(pupil)} ({printable(pupil.school_ref)})" for pupil in plan.missing])
    if plan.needs_confirmation:
        yield _("This is more than a tenth of the pupils. If it is right, add --accept-missing.")
    if plan.by_hand:
        yield ""
        yield _("Not in the file, added by hand. They stay:")
        yield from _some([f"  {printable(pupil)}" for pupil in plan.by_hand])
    if plan.top_year:
        yield ""
        yield top_year_sentence(plan)
    if plan.absent_guardianships:
        yield ""
        yield _(
            "Connections in the portal that the file does not have any more. They stay until somebody ends them:"
        )
        yield from (f"  {printable(guardianship)}" for guardianship in plan.absent_guardianships)


def top_year_sentence(plan: Plan) -> str:
    number = len(plan.top_year)
    return ngettext(
        "%(number)d child of Year 6 goes while the others move up. Nobody is removed by this: without a leaving date "
        "the child stays here.",
        "%(number)d children of Year 6 go while the others move up. Nobody is removed by this: without a leaving date "
        "they stay here.",
        number,
    ) % {"number": number}


def _corrections(plan: Plan) -> Iterator[str]:
    """Yield what was corrected by hand, and stays."""
    if plan.corrections:
        yield ""
        yield _("Corrected by hand in the portal, and kept. To take the file's, use the page Roster:")
    for each in plan.corrections:
        yield "  " + correction_sentence(each)


def correction_sentence(each: Correction) -> str:
    names = {
        "who": printable(each.what),
        "field": LABELS[each.name],
        "file": said(each.file),
        "here": said(each.here),
    }
    return _("%(who)s, %(field)s: the file says %(file)s, here stands %(here)s") % names


def _classes(plan: Plan) -> Iterator[str]:
    """Yield new and emptied classes: they need work before families write."""
    for in_file, here in plan.asked_classes:
        yield ""
        yield _(
            "%(file)s is not here; it was renamed to %(here)s. Add --classes same, or --classes others."
        ) % {
            "file": printable(in_file),
            "here": printable(here),
        }
    new = set(plan.new_classes)
    if plan.unread_classes:
        yield ""
        yield _(
            "Nobody reads messages to these classes. Each needs an account and staff before families write:"
        )
        for name in plan.unread_classes:
            yield f"  {printable(name)}" + (" " + _("(new)") if name in new else "")
    if plan.empty_classes:
        yield ""
        yield _("These classes have no children any more:")
        yield from (f"  {printable(name)}" for name in plan.empty_classes)


def _refused(remarks: Sequence[Remark]) -> Iterator[str]:
    rows = by_row(remarks)
    if not rows:
        return
    yield ""
    yield ngettext("%d row is refused:", "%d rows are refused:", len(rows)) % len(rows)
    strangers = [row for row, found in rows.items() if {remark.code for remark in found} <= SOMEBODY_ELSE]
    if len(strangers) > AT_MOST:
        # They have one cause, and must not bury the other faults.
        yield _(
            "  Rows with the ids of people who are somebody else in the portal: %s. "
            "Does this file come from this school's own system?"
        ) % spans(strangers)
        rows = {row: found for row, found in rows.items() if row not in strangers}
    yield from (_row(row, found) for row, found in rows.items())


def by_row(remarks: Sequence[Remark]) -> dict[int, list[Remark]]:
    ordered = sorted(remarks, key=lambda remark: remark.row)
    return {row: list(found) for row, found in groupby(ordered, key=lambda remark: remark.row)}


def spans(numbers: list[int]) -> str:
    """Return row numbers as spans: 2, 3, 4, 9 → 2–4, 9."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}–{last}" if first != last else str(first) for first, last in spans)


def _row(number: int, remarks: Iterable[Remark]) -> str:
    return _("  row %(row)d: %(sentences)s") % {
        "row": number,
        "sentences": sentences(remarks),
    }


def _notes(remarks: Sequence[Remark]) -> Iterator[str]:
    """Yield notes, with long lists of one kind cut short.

    A spreadsheet may have eaten every zero.
    """
    if remarks:
        yield ""
        yield _("Taken in, with a note:")
    for _code, found in groupby(sorted(remarks, key=lambda r: (r.code, r.row)), key=lambda r: r.code):
        yield from _some([_row(remark.row, [remark]) for remark in found])


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:AT_MOST]
    rest = len(lines) - AT_MOST
    if rest > 0:
        yield ngettext("  … and %d more like this", "  … and %d more like this", rest) % rest
