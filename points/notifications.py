"""What families are told of points: one line for each child and school day, never point by point."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notify.notify import Telling, Words, tell_each
from classes.models.people import Guardianship, Pupil


def _words(pupil: Pupil, points: int) -> Words:
    said = ngettext(
        "%(name)s has %(points)d new point. Its reason is in the portal.",
        "%(name)s has %(points)d new points. Each one’s reason is in the portal.",
        points,
    )
    words = said % {"name": pupil.first_name, "points": points}
    title = _("New points for %(name)s") % {"name": pupil.first_name}
    return Words(title, words, reverse("child_points", args=[pupil.pk]))


def tell_families(points: Mapping[int, int], until: datetime) -> int:
    """Tells each live adult of these pupils (id → points) once for this parcel; how many were newly told."""
    ties = Guardianship.objects.live().filter(pupil__in=points)
    tellings = [
        Telling(
            tie.contact.user,
            f"points:{until:%Y%m%dT%H%M}:{tie.pupil_id}",
            partial(_words, tie.pupil, points[tie.pupil_id]),
        )
        for tie in ties.select_related("pupil", "contact__user").order_by("pk")
        if tie.contact.user is not None
    ]
    return tell_each(tellings, kind="points")
