"""Answer a message that a rule refused."""

from accounts.calendar.hours import school_hours
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.conversations.forms.messages import ScreenedForm
from messaging.conversations.notifications import alarm_of_flood
from messaging.conversations.services.screening import ConfirmationRequired
from messaging.errors import TooManyMessages


def refuse_message(request: PortalRequest, form: ScreenedForm, violation: RuleViolation) -> None:
    """Refuse a message on its form; alert to a flood (A12).

    Leaders are alerted when its writer exceeds the hourly limit.
    """
    if isinstance(violation, TooManyMessages):
        now = request.school.now
        alarm_of_flood(request.user, at=now, release_at=school_hours(request.school).release(now))
    mark_refused(form, violation)


def mark_refused(form: ScreenedForm, violation: RuleViolation) -> None:
    """Put the sentence of a refusal on the form.

    A screened message gets a hint, no error, and is marked as confirmed for the next try (AU-1, PA-8).
    Reads nothing and writes nothing: the page is made from this form.
    """
    if not isinstance(violation, ConfirmationRequired):
        refuse(form, violation)
        return
    form.ask(violation.kind)
    form.confirm_kind, form.hint = violation.kind, violation
    form.office_topic = getattr(violation, "topic", "")
