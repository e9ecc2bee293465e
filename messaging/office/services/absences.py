"""Let a family change or cancel an absence that it reported (PA-13).

The sheet and the class follow at once, and the office is told what was changed: nothing changes silently.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.audit import record
from accounts.enums import Language
from malpas.lib.errors import RuleViolation
from messaging.locks import lock_writer, locked_hours
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.rules.absences import is_on_coming_sheet, may_change_absence
from messaging.office.services.casework import add_to_enquiry
from messaging.office.services.enquiries import AbsenceFacts

FACTS = ("first_day", "part", "reason", "symptom", "back_on")


class AbsenceIsOver(RuleViolation):
    sentence = gettext_lazy("This absence is over. Write to the office below what was different.")


class AbsenceCancelled(RuleViolation):
    sentence = gettext_lazy("You have cancelled this absence. Tell the office again if your child is away.")


@transaction.atomic
def change_absence(enquiry: Enquiry, *, facts: AbsenceFacts, by: Actor, at: datetime, key: UUID) -> bool:
    """Change an absence until its last day is over, and tell the office what was changed.

    Its entry under the enquiry names the facts before and after; a closed enquiry is opened again. Returns
    False where nothing differs, and for a repeated `key`. Raises AbsenceIsOver, AbsenceCancelled, and what
    `add_to_enquiry` raises.
    """
    absence, hours = _locked(enquiry, by), locked_hours()
    if Entry.objects.filter(user=by.user, key=key).exists():
        return False
    if absence.cancelled_at:
        raise AbsenceCancelled
    if not may_change_absence(absence, hours.local_date(at)):
        raise AbsenceIsOver
    before = AbsenceFacts(**{name: getattr(absence, name) for name in FACTS})
    if before == facts:
        return False
    add_to_enquiry(enquiry, body=_in_both(lambda: _changes(before, facts)), by=by, at=at, key=key)
    on_sheet = is_on_coming_sheet(Absence(**vars(facts)), at, hours)
    stays = (facts.reason, facts.symptom) == (before.reason, before.symptom)
    code = {} if stays else {"code": ""}  # the office gave it to the other reason
    Absence.objects.filter(pk=absence.pk).update(changed_at=at, on_sheet=on_sheet, **vars(facts), **code)
    record("absence.changed", by=by, about=enquiry)
    return True


@transaction.atomic
def cancel_absence(enquiry: Enquiry, *, by: Actor, at: datetime, key: UUID) -> bool:
    """Cancel an absence until its last day is over: it counts on no day any more.

    The office is told, and its sheet goes on naming it as cancelled. Returns False where it was cancelled
    before. Raises AbsenceIsOver, and what `add_to_enquiry` raises.
    """
    absence, hours = _locked(enquiry, by), locked_hours()
    if absence.cancelled_at:
        return False
    if not may_change_absence(absence, hours.local_date(at)):
        raise AbsenceIsOver
    add_to_enquiry(enquiry, body=_in_both(lambda: [_("Cancelled: nobody is away.")]), by=by, at=at, key=key)
    Absence.objects.filter(pk=absence.pk).update(cancelled_at=at)
    record("absence.cancelled", by=by, about=enquiry)
    return True


def _locked(enquiry: Enquiry, by: Actor) -> Absence:
    """Lock the absence of an enquiry of this parent, the school before it (F15)."""
    lock_writer(by.user)
    locked_hours()
    Enquiry.objects.select_for_update(of=("self",)).filter(pk=enquiry.pk).first()
    absence = Absence.objects.select_for_update().filter(enquiry=enquiry, enquiry__parent=by.user).first()
    if absence is None or not by.is_personal:
        raise PermissionDenied
    return absence


def _in_both(lines: Callable[[], list[str]]) -> str:
    """Return the lines in every language of the portal: a family and the office may read different ones."""
    said = []
    for language in Language.values:
        with override(language):
            said.append("\n".join(lines()))
    return "\n\n".join(dict.fromkeys(said))


def _changes(before: AbsenceFacts, after: AbsenceFacts) -> list[str]:
    """Return a line for each fact that differs, as it is and as it was."""
    said = [_("Changed:")]
    for (question, now), (_question, was) in zip(_spoken(after), _spoken(before), strict=True):
        if now != was:
            names = {"question": question, "now": now, "before": was}
            said.append(_("%(question)s: %(now)s (before: %(before)s)") % names)
    return said


def _spoken(facts: AbsenceFacts) -> list[tuple[str, str]]:
    absence = Absence(**vars(facts))
    symptom = f": {absence.get_symptom_display()}" if absence.symptom else ""
    back = _day(facts.back_on) if facts.back_on else _("Not known yet")
    return [
        (_("First day of absence"), _day(facts.first_day)),
        (_("Part of the day"), str(absence.get_part_display())),
        (_("Why"), f"{absence.get_reason_display()}{symptom}"),
        (_("Back"), back),
    ]


def _day(day: date) -> str:
    return date_format(day, "l j F")
