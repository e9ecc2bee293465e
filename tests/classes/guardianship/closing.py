"""Restrict guardianships, write, and read notifications, for tests."""

from uuid import uuid4

from accounts.models.notifications import Delivery, Notification
from accounts.models.school import School
from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.models.guardianships import Guardianship
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from stories.models import Post
from tests.clock import at
from tests.waiting_names import named, subject_of

NOW = at("2026-11-10 10:00")
EVENING = "2026-11-10 20:00"
NOTE = "Order of the family court, 3 November"


def guardianship_of(user, pupil) -> Guardianship:
    return Guardianship.objects.get(contact__user=user, pupil=pupil)


def restrict(people, user, pupil, restriction=Restriction.NO_ACCESS, when=NOW) -> Guardianship:
    by = people.actor(people.office)
    return set_restriction(
        guardianship=guardianship_of(user, pupil), restriction=restriction, note=NOTE, by=by, at=when
    )


def write_post(people, classroom, title) -> Post:
    staff = {people.celyn: people.pritchard, people.derwen: people.howells, None: people.head}[classroom]
    author = classroom.account if classroom else people.head.user
    return Post.objects.create(
        classroom=classroom, author=author, staff=staff, title=title, body="NotificationText", key=uuid4(),
        written_at=NOW, release_at=NOW,
    )  # fmt: skip


def pending(user) -> set[str]:
    mails = Delivery.objects.filter(user=user, state="pending").select_related("notification")
    return {subject_of(mail) for mail in mails}


def seen(user) -> set[str]:
    return {named(notice, notice.title) for notice in Notification.objects.visible_to(user)}


def say(people, user, pupil, by) -> Message:
    return send_message(
        pupil=pupil, parent=user, by=by, at=School.objects.here().now, body="NotificationText", key=uuid4()
    )
