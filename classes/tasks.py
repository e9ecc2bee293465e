"""Nudges from beat: one argument, one service."""

from celery import shared_task

from classes import services


@shared_task
def withdraw_notices_of_leavers() -> int:
    """Withdraws what families of children who have left may no longer know."""
    return services.withdraw_notices_of_leavers_due()


@shared_task
def tell_of_codes() -> int:
    """Tells the office of codes that somebody guessed at or found."""
    return services.tell_of_codes_due()
