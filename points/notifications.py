"""Notify families of points: one line for each child and school day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models.notifications import NAME, Notification
from accounts.notify.notify import NewNotification, NotificationText, notify_each
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil


def _text(pupil: Pupil, points: int) -> NotificationText:
    said = ngettext(
        "%(name)s has %(points)d new point. Its reason is in the portal.",
        "%(name)s has %(points)d new points. Each one’s reason is in the portal.",
        points,
    )
    body = said % {"name": NAME, "points": points}
    title = _("New points for %(name)s") % {"name": NAME}
    return NotificationText(title, body, reverse("child_points", args=[pupil.pk]))


def name_now(notice: Notification) -> str:
    """Return how the child is called now whom the points of this notification are for."""
    pk = notice.key.rpartition(":")[2]
    pupil = Pupil.objects.filter(pk=int(pk) if pk.isdecimal() else 0).first()
    return pupil.first_name if pupil else ""


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
