"""Wrap services as Celery tasks."""

from celery import shared_task

from accounts.clock import school_now
from classes.guardianship.leaving import withdraw_notices_of_departed_due
from classes.joining.code_abuse import notify_of_codes_due
from classes.letter_files.sets import expire_letters_due, make_letters_due
from classes.roster.uploads import delete_expired


@shared_task
def delete_expired_rosters() -> int:
    """Delete uploaded rosters that nobody took in within a day."""
    return delete_expired()


@shared_task
def withdraw_notices_of_departed() -> int:
    """Withdraw what families of departed children may no longer know."""
    return withdraw_notices_of_departed_due()


@shared_task
def notify_of_codes() -> int:
    """Notify the office of suspicious codes."""
    return notify_of_codes_due()


@shared_task
def make_letters() -> int:
    """Make requested letters, and delete those that nobody downloaded in time."""
    return make_letters_due(at=school_now()) + expire_letters_due()
