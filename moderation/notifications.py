"""Notify people of reports and decisions. The reported text stays behind sign-in."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.calendar.hours import school_hours
from accounts.models.people import User
from accounts.models.school import School
from accounts.notify.notify import NotificationText, notify
from accounts.notify.outbox import queue_mail
from moderation import clauses
from moderation.models import Decision, Report
from moderation.queries import readers_of

KINDS = ("report", "warning", "hidden", "restored")


def notify_of_report(report: Report, *, at: datetime) -> int:
    """Notify everybody who may read the report; return how many.

    A child at risk: at once, at any hour (AU-7). If nobody is left who may read it, mail the school's address for
    concerns.
    """
    when = None if report.is_risk else school_hours().release(at)
    readers = list(readers_of(report))
    notified = 0
    for users, path in (
        (
            [r.user for r in readers if r.user and r.is_slt],
            reverse("admin:moderation_report_change", args=[report.pk]),
        ),
        ([r.user for r in readers if r.user and not r.is_slt], reverse("report_read", args=[report.pk])),
    ):
        notified += notify(
            users,
            kind="report",
            key=f"report:{report.pk}",
            text=_report(report, path),
            release_at=when,
            any_hour=report.is_risk,
        )
    return notified or _notify_school(when)


def _report(report: Report, path: str):
    def text() -> NotificationText:
        if report.is_risk:
            title = _("A child may be at risk")
            return NotificationText(
                title, _("Somebody has reported that a child may be at risk. Please read it now."), path
            )
        return NotificationText(_("Something was reported"), _("A report in the portal waits for you."), path)

    return text


def _notify_school(when: datetime | None) -> int:
    school = School.objects.here()
    body = _("A report waits in the portal, and no senior leader who may read it has an account.")
    if school.concerns_email:
        _queue(school.concerns_email, _("A report that nobody can read"), body, when)
    return 0


def _queue(address: str, subject: str, body: str, when: datetime | None) -> None:
    queue_mail(address=address, subject=subject, body=body, not_before=when)


def notify_hidden(report: Report, *, at: datetime) -> int:
    """Notify the author that their item was hidden, at the next opening.

    Policy: AU-12.
    """

    def text() -> NotificationText:
        said = _(
            "A senior leader has hidden something you wrote in the portal. Questions? Write to %(email)s."
        )
        return NotificationText(_("Something you wrote was hidden"), said % _concerns(), reverse("home"))

    key = f"hidden:{report.pk}"
    return notify([report.author], kind="hidden", key=key, text=text, release_at=school_hours().release(at))


def notify_warning(decision: Decision, *, at: datetime) -> int:
    """Notify a parent of a warning and the clause it rests on.

    The leader's reason is shown only on the parent's page. Policy: PA-9.
    """

    def text() -> NotificationText:
        said = _("A senior leader has given you a warning. It rests on this rule: %(rule)s")
        rule = {"rule": clauses.sentence(decision.clause)}
        return NotificationText(_("A warning from the school"), said % rule, reverse("warnings"))

    release = school_hours().release(at)
    key = f"warning:{decision.pk}"
    return notify([decision.subject], kind="warning", key=key, text=text, release_at=release)


def notify_removed(decision: Decision, *, at: datetime) -> None:
    """Mail the removed person the reason and how to appeal (PA-9).

    They can no longer sign in to read it. The mail belongs to no account, so that cancelling a removed person's mail
    leaves it alone.
    """
    user: User = decision.subject
    if not user.email:
        return
    with override(user.language):
        paragraphs = [
            _("The school has ended your access to the portal."),
            decision.reason,
            _("If you think this is wrong, please write to %(email)s. Somebody else will look at it.")
            % _concerns(),
            settings.PUBLIC_URL,
        ]
        _queue(
            user.email,
            _("Your access to the portal has ended"),
            "\n\n".join(paragraphs) + "\n",
            school_hours().release(at),
        )


def notify_restored(decision: Decision, *, at: datetime) -> int:
    """Notify a person that they may sign in again (PA-9)."""

    def text() -> NotificationText:
        title = _("Welcome back to the portal")
        return NotificationText(
            title, _("The school has given you access again. Please sign in."), reverse("home")
        )

    release = school_hours().release(at)
    key = f"restored:{decision.pk}"
    return notify([decision.subject], kind="restored", key=key, text=text, release_at=release)


def _concerns() -> dict[str, str]:
    school = School.objects.here()
    return {"email": school.concerns_email or school.office_email}
