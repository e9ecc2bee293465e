"""A little of what happens at a school, so that the first look is not at empty pages. Awards are written as of then;
everything else goes through the services that a real school uses."""

import random
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from accounts.actor import Actor
from accounts.calendar.hours import school_hours
from accounts.models.people import StaffMember, User
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.demo.people import show_class
from malpas.demo.picture import castle
from malpas.lib.hours import SchoolHours
from messaging.conversations.services.send import send_message
from messaging.enums import AbsenceReason, DayPart, Symptom
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from points.models import Award, Behaviour
from stories.services import write_post

SCHOOL_DAYS = 12


def days_before(hours: SchoolHours, at: datetime, number: int) -> list:
    """The last school days before today, newest first."""
    today = hours.local_date(at)
    days = (today - timedelta(days=n) for n in range(1, 120))
    return [day for day in days if hours.is_school_day(day)][:number]


def keys(dice: random.Random):
    while True:
        yield UUID(int=dice.getrandbits(128), version=4)


def give_points(dice: random.Random, hours: SchoolHours, days: list, key) -> None:
    """About one point a child a week, in every class, signed by its own staff."""
    behaviours = list(Behaviour.objects.filter(retired_at__isnull=True))
    rows = []
    for classroom in Classroom.objects.select_related("account").prefetch_related("staff", "pupils"):
        staff, pupils = list(classroom.staff.all()), list(classroom.pupils.all())
        for day in days:
            for pupil in dice.sample(pupils, k=max(1, len(pupils) // 4)):
                behaviour = dice.choice(behaviours)
                given_at = hours.instant(day, time(9, 30)) + timedelta(minutes=dice.randrange(300))
                rows.append(_award(pupil, behaviour, classroom, dice.choice(staff), given_at, next(key)))
    Award.objects.bulk_create(rows)


def _award(
    pupil: Pupil, behaviour: Behaviour, classroom: Classroom, by: StaffMember, given_at: datetime, key: UUID
) -> Award:
    return Award(
        pupil=pupil,
        behaviour=behaviour,
        points=behaviour.points,
        classroom=classroom,
        given_by=by,
        account=classroom.account,
        given_at=given_at,
        release_at=given_at,
        key=key,
    )


def teacher_of(classroom: Classroom) -> Actor:
    assert classroom.account is not None  # the demo's classes have accounts
    return Actor(classroom.account, classroom.staff.order_by("pk").first())


def write_stories(hours: SchoolHours, days: list, key) -> None:
    classroom = show_class()
    head = StaffMember.objects.heads().select_related("user").get()
    assert head.user is not None
    write_post(
        None,
        by=Actor(head.user, head),
        at=hours.instant(days[1], time(15, 20)),
        title="The winter fair is on Friday 4 December",
        body="Come in your warmest hat. Each class sells what it has made, and the choir sings at four o’clock.",
        key=next(key),
    )
    write_post(
        classroom,
        by=teacher_of(classroom),
        at=hours.instant(days[0], time(14, 5)),
        title="We have built a castle",
        body="It took two weeks, forty cereal boxes and a great deal of tape. The drawbridge goes up and down.",
        key=next(key),
        photos=[(castle(), "A castle of cereal boxes with two towers and a red flag")],
    )


def write_letters(hours: SchoolHours, days: list, key) -> None:
    """The first parent and the class; and the second parent, whose child is off today."""
    classroom = show_class()
    parents = (
        User.objects.filter(contact__guardianships__pupil__classroom=classroom).distinct().order_by("pk")[:2]
    )
    first, second = parents
    child = Pupil.objects.of_parent(first).get()
    send = partial(send_message, pupil=child, parent=first)
    asked = "Good morning. Have you seen a blue scarf? It went to school on Monday and has not come home."
    answered = "It was in the reading corner all along, keeping the bear warm. It comes home today."
    send(by=Actor(first), at=hours.instant(days[0], time(8, 40)), body=asked, key=next(key))
    at = hours.instant(days[0], time(12, 20))
    send(by=teacher_of(classroom), at=at, body=answered, key=next(key))
    submit_enquiry(
        topic="absence",
        pupils=[Pupil.objects.of_parent(second).get()],
        by=Actor(second),
        at=hours.instant(days[0], time(7, 15)),
        key=next(key),
        phone="07700 900123",
        absence=AbsenceFacts(
            first_day=days[0],
            part=DayPart.WHOLE,
            reason=AbsenceReason.ILL,
            symptom=Symptom.FEVER,
            back_on=None,
        ),
    )


def load_life(at: datetime) -> None:
    """The last school days of the demo school, the same at every start of the same day."""
    dice, hours = random.Random(0), school_hours()
    days, key = days_before(hours, at, SCHOOL_DAYS), keys(dice)
    if len(days) < 2:
        return
    give_points(dice, hours, days, key)
    write_stories(hours, days, key)
    write_letters(hours, days, key)
