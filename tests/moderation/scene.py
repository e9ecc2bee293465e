"""Write messages, posts, reports and decisions for tests."""

from uuid import uuid4

from accounts.calendar.hours import school_hours
from accounts.models.school import School
from messaging.models.conversations import Conversation, Message
from moderation.models import Decision, Report
from moderation.services import decisions
from moderation.services.reports import report_item
from stories.models import Post

RUDE = "You people are <b>useless</b>."


def now():
    return School.objects.here().now


def say(people, parent=None, pupil=None, body=RUDE, staff=None) -> Message:
    """Send a message by Nia, or by the class (`staff`)."""
    parent, pupil = parent or people.nia, pupil or people.mali
    conversation, _made = Conversation.objects.get_or_create(pupil=pupil, parent=parent)
    return Message.objects.create(
        conversation=conversation,
        author=pupil.classroom.account if staff else parent,
        staff=staff,
        from_class=staff is not None,
        body=body,
        key=uuid4(),
        sent_at=now(),
        release_at=school_hours().release(now()),
    )


def post(people, staff=None, classroom=None, title="Our castle", body="We built it of boxes.") -> Post:
    """Post to Celyn, or as a leader to the whole school.

    Mrs Pritchard signs for Celyn.
    """
    staff = staff or people.pritchard
    classroom = None if staff.user else (classroom or people.celyn)
    return Post.objects.create(
        classroom=classroom,
        author=classroom.account if classroom else staff.user,
        staff=staff,
        title=title,
        body=body,
        key=uuid4(),
        written_at=now(),
        release_at=school_hours().release(now()),
    )


def report(people, item=None, by=None, category="rude", note="") -> Report:
    """Report Nia's message as the class, unless given otherwise."""
    by = by or people.actor(people.celyn, people.pritchard)
    return report_item(item or say(people), by=by, at=now(), category=category, note=note)


def decide(verb, *args, by, **kwargs) -> Decision:
    """Decide now, with a new key."""
    return getattr(decisions, verb)(*args, by=by, at=now(), **{"key": uuid4(), **kwargs})


def warn(people, subject=None, by=None, **kwargs) -> Decision:
    by = by or people.actor(people.deputy)
    said = {"clause": "AU-1", "reason": "Please be kind to staff."}
    return decide("warn", subject or people.nia, by=by, **said | kwargs)


def remove(people, subject=None, by=None, **kwargs) -> Decision:
    by = by or people.actor(people.head)
    return decide("remove", subject or people.nia, by=by, **{"reason": "It went on."} | kwargs)
