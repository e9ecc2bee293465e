"""`python -m tests.faults.leader`: a leader in a process of its own, who does what a line says and answers `done`."""

import sys
from datetime import date

import django

django.setup()

from accounts.actor import Actor  # noqa: E402
from accounts.calendar.services import change_calendar  # noqa: E402
from accounts.clock import school_now  # noqa: E402
from accounts.enums import ClosureKind  # noqa: E402
from accounts.models.people import StaffMember  # noqa: E402
from accounts.models.school import Closure  # noqa: E402
from messaging.conversations.services.closing import hide_message  # noqa: E402
from messaging.models.conversations import Message  # noqa: E402


def head() -> Actor:
    staff = StaffMember.objects.select_related("user").get(is_head=True)
    return Actor(staff.user, staff)


def hide(message: str) -> None:
    hide_message(Message.objects.get(pk=message), by=head(), at=school_now())


def close(day: str) -> None:
    with change_calendar(by=head(), why="INSET"):
        Closure.objects.create(
            kind=ClosureKind.INSET, name="INSET", starts=date.fromisoformat(day), ends=date.fromisoformat(day)
        )


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        verb, about = line.split()
        {"hide": hide, "close": close}[verb](about)
        print("done", flush=True)
