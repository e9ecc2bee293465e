"""Report whether the portal works, in numbers without names: /health/ and the status page of staff."""

import shutil
from datetime import datetime

from django.conf import settings
from django.db.models import Min
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.enums import DeliveryState
from accounts.gates import Opens, access
from accounts.http import OpenRequest, PortalRequest
from accounts.models.notifications import Delivery, Sweep
from accounts.models.school import School
from accounts.notify.outbox import may_go_now
from classes.queries import classes_nobody_reads
from malpas.beat import SCHEDULE, SWEEP
from messaging.attachments.queries import documents_awaiting_scan
from messaging.models.conversations import Message
from stories.models import Post

LATE_SECONDS = 5 * 60
# A younger document is not reported outside, because it may belong to a pending message (I3).
LONGEST_SCAN = 60 * 60
LEAST_DISK_PERCENT = 10
# The tasks that run each minute or more often, by which one sees that beat runs.
PULSE = {name for name, entry in SCHEDULE.items() if entry["schedule"] in (SWEEP, SWEEP / 2)}


def _announcement_due_since(school: School) -> datetime | None:
    if school.messaging_suspended_at:
        return None
    due = [
        Message.objects.to_announce().aggregate(oldest=Min("release_at"))["oldest"],
        Post.objects.arrived().filter(announced_at=None).aggregate(oldest=Min("release_at"))["oldest"],
    ]
    return min((moment for moment in due if moment), default=None)


def _last_sweep() -> datetime | None:
    """Return the oldest of the times at which each task last ran; None before each has run once."""
    done = dict(Sweep.objects.filter(name__in=PULSE).values_list("name", "done_at"))
    return min(done.values()) if len(done) == len(PULSE) else None


def _disk_free_percent() -> int:
    folder = settings.MEDIA_ROOT
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder)
    return round(100 * disk.free / disk.total)


def figures(school: School) -> dict[str, int | None]:
    """Return the numbers of the status page. Sealed rows do not count: only the governor sees those (PA-7).

    Seconds for which the oldest announcement and e-mail have been due (0 when none is), for which a document has waited
    for the scanner (0 below an hour), and since the last task (None for never); the free disk in percent; failed e-mails.
    """

    def age(moment: datetime | None) -> int:
        return round((school.now - moment).total_seconds()) if moment and school.now else 0

    swept = _last_sweep()
    unscanned = age(documents_awaiting_scan()[1])
    mail = may_go_now().visible_to(None).aggregate(oldest=Min("next_attempt_at"))["oldest"]
    return {
        "oldest_announcement_due_seconds": age(_announcement_due_since(school)),
        "oldest_mail_due_seconds": age(mail),
        "oldest_document_held_seconds": unscanned if unscanned > LONGEST_SCAN else 0,
        "last_sweep_seconds": age(swept) if swept else None,
        "disk_free_percent": _disk_free_percent(),
        "mails_failed": Delivery.objects.visible_to(None).filter(state=DeliveryState.FAILED).count(),
    }


def late(found: dict[str, int | None]) -> list[str]:
    """Return what needs attention: announcements, mail, documents, sweep, disk."""
    swept, disk = found["last_sweep_seconds"], found["disk_free_percent"]
    alarms = {
        "announcements": (found["oldest_announcement_due_seconds"] or 0) > LATE_SECONDS,
        "mail": (found["oldest_mail_due_seconds"] or 0) > LATE_SECONDS,
        "documents": bool(found["oldest_document_held_seconds"]),
        "sweep": swept is None or swept > LATE_SECONDS,
        "disk": disk is not None and disk < LEAST_DISK_PERCENT,
    }
    return [name for name, alarm in alarms.items() if alarm]


@access(Opens.SIGNED_OUT | Opens.BEFORE_OPENING | Opens.WHILE_LOCKED)
def health(request: OpenRequest) -> JsonResponse:
    """Answer a monitor: 200 while the database answers; `late` names what needs attention."""
    found = figures(request.school)
    return JsonResponse({"database": "ok", **found, "late": late(found)})


@access()
def page(request: PortalRequest) -> HttpResponse:
    if not (request.actor.is_slt or request.actor.is_office):
        raise Http404
    found = figures(request.school)
    minutes = {name: None if seconds is None else seconds // 60 for name, seconds in found.items()}
    number, since = documents_awaiting_scan()
    unscanned = {
        "documents_awaiting_scan": number,
        "waiting_since": since,
        "nobody_reads": classes_nobody_reads(),
    }
    return render(
        request, "malpas/status.html", {"found": found, "minutes": minutes, "late": late(found)} | unscanned
    )
