"""Decide reports: hide, warn, remove, close, lift (PA-9, AU-12).

Each decision is one transaction with its lock, effect, row, audit entry and notifications. `key` is the idempotency
key: a repeated request returns the first decision.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import remove_access, restore_access
from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from malpas.lib.errors import RuleViolation
from malpas.lib.text import clean_body, is_blank
from messaging.conversations.services.closing import hide_message, withdraw_waiting_of
from messaging.enums import WithdrawnBecause
from moderation import notifications
from moderation.clauses import CLAUSES
from moderation.enums import DecisionKind
from moderation.models import Decision, Report
from moderation.queries import warnings_of
from moderation.rules import is_family, may_decide
from stories.services import hide_post, withdraw_pending_posts_of


def _locked(report: Report, by: Actor) -> Report:
    """Lock the report's row.

    Raises RuleViolation if the actor may not decide it (A25, AU-11).
    """
    rows = Report.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    row = rows.select_related("author", "author_staff", "message", "post").filter(pk=report.pk).first()
    if row is None or not may_decide(row, by):
        raise RuleViolation(_("Somebody else must decide about this one."))
    return row


def _undecided(report: Report, by: Actor) -> Report:
    row = _locked(report, by)
    if row.closed_at:
        raise RuleViolation(_("This report is already decided. Its decision stands below."))
    return row


def _locked_person(user: User, by: Actor) -> User:
    """Lock the account's row, so that its owner writes nothing meanwhile."""
    if not by.is_slt or user.pk == by.user.pk:
        raise RuleViolation(_("Somebody else must decide about this one."))
    person = User.objects.select_for_update().get(pk=user.pk)
    if not is_family(person, StaffMember.objects.filter(user=person).first()):
        raise RuleViolation(_("Warnings and removal are for families. Staff follow the code of conduct."))
    return person


def _write(kind: DecisionKind, subject: User, *, by: Actor, at: datetime, key: UUID, **fields) -> Decision:
    assert by.staff is not None  # _locked and _locked_person admit senior leaders only
    decision = Decision.objects.create(
        kind=kind, subject=subject, made_by=by.staff, made_at=at, key=key, **fields
    )
    report = fields.get("report")
    record(f"decision.{kind}", by=by, about=decision, subject=subject.pk, report=report and report.pk)
    if report and kind != DecisionKind.HIDE:
        Report.objects.filter(pk=report.pk, closed_at__isnull=True).update(closed_at=at)
    return decision


def _required_text(reason: str, sentence: str) -> str:
    reason = clean_body(reason)
    if is_blank(reason):
        raise RuleViolation(sentence)
    return reason


def _made_before(key: UUID) -> Decision | None:
    return Decision.objects.filter(key=key).first()


@transaction.atomic
def hide(report: Report, *, by: Actor, at: datetime, key: UUID) -> Decision:
    """Hide the reported item from everybody and notify its author (AU-12).

    The report stays open.
    """
    row = _locked(report, by)
    if made := _made_before(key):
        return made
    hidden = hide_message(row.message, by=by, at=at) if row.message else _hide_post(row, by=by, at=at)
    if not hidden:
        raise RuleViolation(_("This is already hidden."))
    notifications.notify_hidden(row, at=at)
    return _write(DecisionKind.HIDE, row.author, by=by, at=at, key=key, report=row)


def _hide_post(report: Report, *, by: Actor, at: datetime) -> bool:
    return report.post is not None and hide_post(report.post, by=by, at=at)


@transaction.atomic
def close(report: Report, *, by: Actor, at: datetime, key: UUID, reason: str = "") -> Decision:
    """Decide a report without a step against a family.

    About staff and with a reason: dealt with under the code of conduct (AU-11); otherwise nothing to do.
    """
    row = _locked(report, by)
    if made := _made_before(key):
        return made
    row = _undecided(report, by)
    reason = clean_body(reason)
    conduct = row.is_about_staff and not is_blank(reason)
    kind = DecisionKind.CONDUCT if conduct else DecisionKind.NOTHING
    return _write(kind, row.author, by=by, at=at, key=key, report=row, reason=reason)


@transaction.atomic
def warn(
    subject: User,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    clause: str,
    reason: str,
    report: Report | None = None,
) -> Decision:
    """Warn a parent, with the clause that the warning rests on (PA-9).

    They are notified in working hours, and see the warning on their page.
    """
    row = _about(report, subject, by)
    person = _locked_person(subject, by)
    if made := _made_before(key):
        return made
    row = row and _undecided(row, by)
    if clause not in CLAUSES:
        raise RuleViolation(_("Please choose the rule that the warning rests on."))
    reason = _required_text(reason, _("Please write what happened, for them to read."))
    if person.removed_at:
        raise RuleViolation(_("They have no access to the portal now."))
    decision = _write(
        DecisionKind.WARNING, person, by=by, at=at, key=key, report=row, clause=clause, reason=reason
    )
    notifications.notify_warning(decision, at=at)
    return decision


def _about(report: Report | None, subject: User, by: Actor) -> Report | None:
    """Lock the report, if there is one.

    Raises RuleViolation unless it is about this person.
    """
    row = _locked(report, by) if report else None
    if row and row.author_id != subject.pk:
        raise RuleViolation(_("This report is about somebody else."))
    return row


@transaction.atomic
def remove(
    subject: User,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    reason: str,
    report: Report | None = None,
    serious_breach: bool = False,
) -> Decision:
    """End a parent's access on every device at once (PA-9).

    What they left pending is withdrawn. Refused without an earlier warning, save for a serious breach; a reason is
    always required. The other parent is not affected. The record stays, and `lift` ends the removal.
    """
    row = _about(report, subject, by)
    person = _locked_person(subject, by)
    if made := _made_before(key):
        return made
    row = row and _undecided(row, by)
    reason = _required_text(reason, _("Please write the reason. They read it in the e-mail."))
    if person.removed_at:
        raise RuleViolation(_("They have no access to the portal now."))
    if not serious_breach and not warnings_of(person).exists():
        raise RuleViolation(
            _("Please give a warning first. Without one, only a serious breach ends somebody's access.")
        )
    decision = _write(
        DecisionKind.REMOVAL,
        person,
        by=by,
        at=at,
        key=key,
        report=row,
        reason=reason,
        serious_breach=serious_breach,
    )
    _end_access(person, by=by, at=at)
    notifications.notify_removed(decision, at=at)
    return decision


def _end_access(person: User, *, by: Actor, at: datetime) -> None:
    withdraw_waiting_of(person, because=WithdrawnBecause.WRITER_REMOVED, at=at)
    remove_access(person, by=by, at=at)
    withdraw_pending_posts_of(person, at=at)
    # Unreleased notifications are deleted. A warning stays, to be read if they come back.
    Notification.objects.filter(recipient=person, release_at__gt=at).exclude(kind="warning").delete()


@transaction.atomic
def lift(subject: User, *, by: Actor, at: datetime, key: UUID, reason: str = "") -> Decision:
    """Give a removed parent access again (PA-9).

    They sign in anew. What was withdrawn stays withdrawn.
    """
    person = _locked_person(subject, by)
    if made := _made_before(key):
        return made
    if person.removed_at is None:
        raise RuleViolation(_("They already have access to the portal."))
    decision = _write(DecisionKind.LIFT, person, by=by, at=at, key=key, reason=clean_body(reason))
    restore_access(person, by=by)
    notifications.notify_restored(decision, at=at)
    return decision
