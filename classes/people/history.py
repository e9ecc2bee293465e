"""Tell in words who changed what about a child or an adult."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember, User
from classes.corrections.services import ADDED, CONNECTED, MERGED
from classes.enums import Relationship, Restriction, Suggestion
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import ApprovalRequest, Invitation
from classes.models.pupils import Pupil
from classes.roster.remarks import LABELS

MOST = 100  # the newest; older ones are in the record of what was done
DAYS = {"date_of_birth", "left_on"}
COLUMNS: dict[str, str | Promise] = {
    **LABELS,
    "school_ref": gettext_lazy("number in the school’s system"),
    "suggestion": gettext_lazy("letters"),
    "restriction_note": gettext_lazy("note on the restriction"),
}
EMPTY = "–"
YES_NO: dict[str, str | Promise] = {"True": gettext_lazy("yes"), "False": gettext_lazy("no")}
CHOICES: dict[str, dict[str, str | Promise]] = {
    "relationship": dict(Relationship.choices),
    "suggestion": dict(Suggestion.choices),
    "parental_responsibility": YES_NO,
    "court_order": YES_NO,
}

# What was done about a connection. %(adult)s and %(child)s are filled in.
WORDS: dict[str, Promise] = {
    "guardianship.joined": gettext_lazy("%(adult)s joined for %(child)s"),
    "guardianship.ended": gettext_lazy("ended the connection of %(adult)s with %(child)s"),
    "guardianship.opened": gettext_lazy("opened the connection of %(adult)s with %(child)s again"),
    "guardianship.restricted": gettext_lazy("access of %(adult)s to %(child)s: %(before)s → %(after)s"),
    "admin.changed": gettext_lazy("changed the connection of %(adult)s with %(child)s: %(fields)s"),
    "invitation.made": gettext_lazy("made a code for %(adult)s, for %(child)s"),
    "invitation.withdrawn": gettext_lazy("withdrew the code of %(adult)s for %(child)s"),
    "approval.asked": gettext_lazy("asked the leaders about %(adult)s, for %(child)s: %(reason)s"),
    "approval.given": gettext_lazy("approved %(adult)s, for %(child)s: %(reason)s"),
    "approval.refused": gettext_lazy("refused %(adult)s, for %(child)s: %(reason)s"),
}


@dataclass(frozen=True)
class HistoryLine:
    """One act: when (UTC), by whom, and what."""

    at: datetime
    who: str
    words: str


def history_of(person: Pupil | Contact, actor: Actor) -> list[HistoryLine]:
    """Return what was done about this person, the newest first. Five queries."""
    about = Q(pupil=person) if isinstance(person, Pupil) else Q(contact=person)
    merged = Q() if isinstance(person, Pupil) else Q(contact__merged_into=person)
    changes = RecordChange.objects.filter(about | merged if merged else about).select_related(
        "by", "staff", "pupil", "contact"
    )
    lines = [_line_of_change(change) for change in changes.order_by("-at", "-pk")[:MOST]]
    connections = Guardianship.objects.filter(about)
    lines += _lines_of_audit(connections, actor) + _lines_of_requests(connections)
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def _line_of_change(change: RecordChange) -> HistoryLine:
    return HistoryLine(change.at, who(change.by, change.staff), words_of_change(change))


def who(user: User | None, staff: StaffMember | None) -> str:
    """Return who acted: a signature, a name, or the portal itself."""
    if staff:
        return staff.signature
    return str(user) if user else _("The portal")


def words_of_change(change: RecordChange) -> str:
    """Return what was changed by hand, such as 'surname: Bowen → Bowen-Hughes'."""
    if change.field == ADDED:
        return _("added by hand")
    if change.field == MERGED:
        said = {"name": change.old, "number": change.new}
        return _("put together with another record of the same person: %(name)s, number %(number)s") % said
    if change.field == CONNECTED:
        return _("connected %(adult)s with %(child)s") % {"adult": change.contact, "child": change.pupil}
    old, new = (_shown(change.field, value) for value in (change.old, change.new))
    words = f"{COLUMNS.get(change.field, change.field)}: {old} → {new}"
    return f"{change.contact} – {change.pupil}, {words}" if change.contact and change.pupil else words


def _shown(field: str, value: str) -> str:
    if field in CHOICES:
        return str(CHOICES[field].get(value, value))
    if value and field in DAYS:
        return date_format(date.fromisoformat(value), "j F Y")
    return value or EMPTY


def _lines_of_requests(guardianships: QuerySet[Guardianship]) -> list[HistoryLine]:
    """Return what was asked of the leaders about these connections, and their answers."""
    rows = ApprovalRequest.objects.filter(guardianship__in=guardianships)
    rows = rows.select_related("guardianship__contact", "guardianship__pupil", "asked_by", "decided_by")
    lines = []
    for row in rows.order_by("-pk")[:MOST]:
        names = {"adult": row.guardianship.contact, "child": row.guardianship.pupil}
        if (row.asked_at, row.reason) != (row.decided_at, row.answer):  # else a leader answered unasked
            words = str(WORDS["approval.asked"]) % {**names, "reason": row.reason}
            lines.append(HistoryLine(row.asked_at, str(row.asked_by), words))
        if row.decided_at:
            words = str(WORDS["approval.given" if row.is_approved else "approval.refused"])
            said = words % {**names, "reason": row.answer}
            lines.append(HistoryLine(row.decided_at, who(None, row.decided_by), said))
    return lines


def _lines_of_audit(guardianships: QuerySet[Guardianship], actor: Actor) -> list[HistoryLine]:
    """Return the acts on these connections and their codes."""
    by_pk = {one.pk: one for one in guardianships.select_related("contact", "pupil")}
    about = {f"classes.guardianship:{pk}": one for pk, one in by_pk.items()}
    codes = Invitation.objects.filter(guardianship__in=by_pk).values_list("pk", "guardianship")
    about |= {f"classes.invitation:{pk}": by_pk[guardianship] for pk, guardianship in codes}
    entries = AuditEntry.objects.visible_to(actor).filter(about__in=about, verb__in=WORDS)
    entries = entries.select_related("user", "staff").order_by("-at", "-turn")[:MOST]
    return [_line_of_entry(entry, about[entry.about]) for entry in entries]


def _line_of_entry(entry: AuditEntry, guardianship: Guardianship) -> HistoryLine:
    params = {"adult": guardianship.contact, "child": guardianship.pupil, **_params(entry.detail)}
    return HistoryLine(entry.at, who(entry.user, entry.staff), str(WORDS[entry.verb]) % params)


def _params(detail: Mapping[str, object]) -> dict[str, str]:
    labels = dict(Restriction.choices)
    states = {name: str(labels.get(str(detail.get(name)), EMPTY)) for name in ("before", "after")}
    return states | {"fields": _columns(detail.get("fields", ()))}


def _columns(names: object) -> str:
    return ", ".join(str(COLUMNS.get(name, name)) for name in names) if isinstance(names, Iterable) else ""
