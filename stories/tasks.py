"""Wrap services as Celery tasks."""

from celery import shared_task

from stories import services, uploads


@shared_task
def announce() -> int:
    """Notify parents of released posts."""
    return services.announce_due()


@shared_task
def tend_photos() -> int:
    """Delete photos that were added and never posted."""
    return uploads.forget_unsent_photos()
