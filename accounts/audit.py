"""Record in the audit log who did what."""

from django.db import models

from accounts.actor import Actor
from accounts.models.audit import AuditEntry


def record(verb: str, *, by: Actor | None, about: models.Model | None = None, **detail: object) -> AuditEntry:
    """Write an audit entry in the transaction of the act.

    `detail` holds ids and numbers, never people's text. An act on a sealed row is sealed too (PA-7).
    """
    return AuditEntry.objects.create(
        verb=verb,
        user=by.user if by else None,
        staff=by.staff if by else None,
        about=f"{about._meta.label_lower}:{about.pk}" if about is not None else "",
        detail=detail,
        is_sealed=getattr(about, "is_sealed", False),
    )
