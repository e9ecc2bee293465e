from django.db import models

from accounts.actor import Actor
from accounts.models.audit import AuditEntry


def record(verb: str, *, by: Actor | None, about: models.Model | None = None, **detail: object) -> AuditEntry:
    """Writes down an act in the transaction of the act. `detail` holds ids and figures, never people's words.

    What is done with a sealed thing is sealed with it (PA-7).
    """
    return AuditEntry.objects.create(
        verb=verb,
        user=by.user if by else None,
        staff=by.staff if by else None,
        about=f"{about._meta.label_lower}:{about.pk}" if about is not None else "",
        detail=detail,
        is_sealed=getattr(about, "is_sealed", False),
    )
