"""Notify families of points: one line for each child and school day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notify.notify import NewNotification, NotificationText, notify_each
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil


def _text(pupil: Pupil, points: int) -> NotificationText:
    said = ngettext(
        "%(name)s has %(points)d new point. Its reason is in the portal.",
        "%(name)s has %(points)d new points. Each one’s reason is in the portal.",
        points,
    )
    body = said % {"name": pupil.first_name, "points": points}
    title = _("New points for %(name)s") % {"name": pupil.first_name}
    return NotificationText(title, body, reverse("child_points", args=[pupil.pk]))


def notify_families(points: Mapping[int, int], until: datetime) -> int:
    """Notify each adult with access to these pupils once for this digest.

    `points`: pupil's id → points. Returns how many were newly notified.
    """
    guardianships = Guardianship.objects.live().filter(pupil__in=points)
    new_notifications = [
        NewNotification(
            guardianship.contact.user,
            f"points:{until:%Y%m%dT%H%M}:{guardianship.pupil_id}",
            partial(_text, guardianship.pupil, points[guardianship.pupil_id]),
        )
        for guardianship in guardianships.select_related("pupil", "contact__user").order_by("pk")
        if guardianship.contact.user is not None
    ]
    return notify_each(new_notifications, kind="points")
