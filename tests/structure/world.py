"""The people with something of each kind, so that a leak could show."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from classes.models.guardianships import Guardianship
from classes.models.letters import LetterSet
from classes.models.rosters import RosterColumn, RosterImport
from messaging.models.absences import Absence
from messaging.models.attachments import Attachment
from messaging.models.broadcasts import Broadcast, BroadcastMessage
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry, EnquiryPhoto
from messaging.models.entries import Entry
from messaging.models.oversight import OversightAccess
from messaging.models.proposals import Proposal
from messaging.models.screening import StandardReply
from moderation.models import Report
from moderation.queries import snapshot
from points.models import Award, Behaviour
from stories.models import Photo, Post
from tests.classes.roster.sheet import ROW, sheet
from tests.clock import at
from tests.people import People

CANARY = "heron-under-the-old-bridge"  # stands in everything that is the family's or the class's own


@dataclass
class World:
    people: People
    conversation: Conversation
    message: Message
    reply: Message
    waiting: Message
    taken_back: Message
    promise: Message
    broadcast: Broadcast
    oversight_access: OversightAccess
    enquiry: Enquiry
    answer: Entry
    letter: Entry
    post: Post
    waiting_post: Post
    photo: Photo
    behaviour: Behaviour
    award: Award
    report: Report
    guardianship: Guardianship
    waiting_roster: RosterImport
    roster: RosterImport
    column: RosterColumn
    letters: LetterSet
    office_reply: StandardReply


def say(conversation: Conversation, author, staff, body: str, sent: str, release: str) -> Message:
    return Message.objects.create(
        conversation=conversation,
        author=author,
        staff=staff,
        from_class=staff is not None,
        body=body,
        key=uuid4(),
        sent_at=at(sent),
        release_at=at(release),
    )


def make_post(people: People, title: str, release: str) -> Post:
    return Post.objects.create(
        classroom=people.celyn,
        author=people.celyn.account,
        staff=people.pritchard,
        title=title,
        body=f"We saw a {CANARY}.",
        key=uuid4(),
        written_at=at("2026-11-09 09:00"),
        release_at=at(release),
    )


def make_world(people: People) -> World:
    """All of it belongs to Nia, her child Mali, and Mali's class Celyn."""
    conversation = Conversation.objects.create(pupil=people.mali, parent=people.nia)
    account = people.celyn.account
    message = say(conversation, people.nia, None, f"A {CANARY}.", "2026-11-09 10:00", "2026-11-09 10:00")
    reply = say(
        conversation, account, people.pritchard, f"That {CANARY}!", "2026-11-09 11:00", "2026-11-09 11:00"
    )
    broadcast = Broadcast.objects.create(author=account, staff=people.pritchard, key=uuid4())
    BroadcastMessage.objects.create(message=reply, broadcast=broadcast)
    Proposal.objects.create(message=reply, kind="offer", how="in_person", times=[at("2026-11-17 15:45")])
    Attachment.objects.create(
        message=message, position=1, owner=people.nia, kind="photo", name="0" * 32, title=f"{CANARY}.jpg", size=1,
        cleared_at=at("2026-11-09 10:00"),
    )  # fmt: skip
    promise = say(
        conversation, account, people.pritchard, f"A {CANARY}.", "2026-11-09 10:30", "2026-11-09 10:30"
    )
    Proposal.objects.create(message=promise, kind="telephone", chosen=at("2026-11-18 15:45"))
    waiting = say(conversation, people.nia, None, f"Late {CANARY}.", "2026-11-10 09:30", "2026-11-11 08:30")
    taken_back = say(conversation, people.nia, None, f"No {CANARY}.", "2026-11-10 09:31", "2026-11-11 08:30")
    Message.objects.filter(pk=taken_back.pk).update(
        withdrawn_at=at("2026-11-10 09:32"), withdrawn_because="writer"
    )
    enquiry = Enquiry.objects.create(
        reference="K 234 567", topic="dinners", parent=people.nia, body=CANARY, key=uuid4()
    )
    enquiry.pupils.add(people.mali)
    EnquiryPhoto.objects.create(enquiry=enquiry, name="0" * 32, width=4, height=3, key=uuid4())
    absence = Enquiry.objects.create(reference="A 234 567", topic="absence", parent=people.nia, key=uuid4())
    absence.pupils.add(people.mali)
    Absence.objects.create(
        enquiry=absence, first_day=date(2026, 11, 10), reason="ill", symptom="rash", on_sheet=True
    )
    answer = Entry.objects.create(
        enquiry=enquiry, kind="answer", body=CANARY, staff=people.office, user=people.office.user, key=uuid4(),
        release_at=at("2026-11-11 08:30"),
    )  # fmt: skip
    post = make_post(people, f"A {CANARY}", "2026-11-09 09:00")
    photo = Photo.objects.create(post=post, name="0" * 32, alt=f"A {CANARY}", width=4, height=3)
    behaviour = Behaviour.objects.get(name_en="Sharing")
    award = Award.objects.create(
        pupil=people.mali,
        behaviour=behaviour,
        points=1,
        note=CANARY,
        classroom=people.celyn,
        given_by=people.pritchard,
        account=account,
        given_at=at("2026-11-09 09:00"),
        key=uuid4(),
    )
    report = Report.objects.create(
        message=message, author=people.nia, reporter=account, reporter_staff=people.pritchard, category="rude",
        snapshot=snapshot(message),
    )  # fmt: skip
    return World(
        people=people,
        conversation=conversation,
        message=message,
        reply=reply,
        waiting=waiting,
        taken_back=taken_back,
        promise=promise,
        broadcast=broadcast,
        oversight_access=OversightAccess.objects.create(
            conversation=conversation, by=people.deputy, reason=CANARY, at=at("2026-11-10 09:50")
        ),
        enquiry=enquiry,
        answer=answer,
        letter=Entry.objects.create(
            enquiry=enquiry,
            kind="letter",
            body=CANARY,
            staff=people.office,
            user=people.office.user,
            key=uuid4(),
        ),
        post=post,
        waiting_post=make_post(people, f"Tomorrow's {CANARY}", "2026-11-11 08:30"),
        photo=photo,
        behaviour=behaviour,
        award=award,
        report=report,
        guardianship=Guardianship.objects.get(pupil=people.mali, contact__user=people.nia),
        waiting_roster=RosterImport.objects.create(
            key=uuid4(), uploaded_by=people.office.user, name=f"{CANARY}.csv", file=sheet(ROW)
        ),
        roster=RosterImport.objects.create(
            key=uuid4(),
            name=f"{CANARY}.csv",
            state="applied",
            applied_at=at("2026-11-09 09:00"),
            undo={"made": {}, "changed": {}, "accounts": {}, "records": {}},
        ),
        column=RosterColumn.objects.create(title="whichhen", header="Which hen"),
        letters=LetterSet.objects.create(
            key=uuid4(), requested_by=people.office.user, name=CANARY, guardianships=[], by_hand=True
        ),
        office_reply=StandardReply.objects.create(
            title_en=CANARY, title_cy=CANARY, body_en=CANARY, body_cy=CANARY, for_office=True
        ),
    )
