"""Answer a message that a rule refused: mark its form, and alert leaders to a flood."""

from django.http import HttpRequest

from accounts.calendar.hours import school_hours
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.conversations.forms.messages import ScreenedForm
from messaging.conversations.notifications import alarm_of_flood
from messaging.conversations.services.screening import ConfirmationRequired
from messaging.errors import TooManyMessages


def refuse_message(request: HttpRequest, form: ScreenedForm, violation: RuleViolation) -> None:
    """Refuse a message on its form; alert leaders when its writer exceeds the hourly limit (A12)."""
    if isinstance(violation, TooManyMessages):
        now = request.school.now
        alarm_of_flood(request.user, at=now, release_at=school_hours(request.school).release(now))
    mark_refused(form, violation)


def mark_refused(form: ScreenedForm, violation: RuleViolation) -> None:
    """Put the sentence on the form; a screened message is marked as confirmed for the next try (AU-1, PA-8).

    Reads nothing and writes nothing: the page is made from this form.
    """
    if isinstance(violation, ConfirmationRequired):
        form.ask(violation.kind)
        form.confirm_kind = violation.kind
        form.office_topic = getattr(violation, "topic", "")
    refuse(form, violation)
