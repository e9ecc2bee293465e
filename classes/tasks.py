"""Nudges from beat and from views: one argument, one service."""

from celery import shared_task

from accounts.clock import school_now
from classes.guardianship.leaving import withdraw_notices_of_departed_due
from classes.joining.code_abuse import notify_of_codes_due
from classes.joining.letter_sets import expire_letters_due, make_letters_due


@shared_task
def withdraw_notices_of_departed() -> int:
    """Withdraws what families of children who have left may no longer know."""
    return withdraw_notices_of_departed_due()


@shared_task
def notify_of_codes() -> int:
    """Tells the office of codes that somebody guessed at or found."""
    return notify_of_codes_due()


@shared_task
def make_letters() -> int:
    """Make letters that somebody asked for, and delete those that nobody downloaded in time."""
    return make_letters_due(at=school_now()) + expire_letters_due()
