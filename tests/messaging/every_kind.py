"""Write conversations of every kind, to compare statements.

Those written by hand with plain querysets.
Two hundred families and the named ones write with Celyn and Derwen. What is in a conversation, and who may read it, is
drawn by a fixed seed: pending, withdrawn, hidden, rerouted, read, announced, in a broadcast, marked as done, with
paused or lost access.
"""

from datetime import timedelta
from random import Random
from uuid import uuid4

from accounts.models.people import User
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from messaging.models.broadcasts import Broadcast, BroadcastMessage
from messaging.models.conversations import Conversation, Message
from tests.clock import at

NOW = "2026-11-10 10:00"
FAMILIES = 200
EVERYBODY = ("nia", "gareth", "sioned", "dylan", "kai", "head", "deputy", "office", "celyn", "derwen", "mali")
SECONDS = timedelta(seconds=1)


def message(people, conversation: Conversation, dice: Random) -> Message:
    classroom = conversation.pupil.classroom
    sent = at("2026-11-09 09:00") + dice.randrange(3600) * SECONDS
    release = dice.choice([sent, sent, at("2026-11-09 12:00"), at("2026-11-11 08:30")])
    from_class, withdrawn = dice.random() < 0.4, dice.random() < 0.15
    announced = release if release <= at(NOW) and not withdrawn and dice.random() < 0.7 else None
    return Message(
        conversation=conversation,
        from_class=from_class,
        author=classroom.account if from_class else conversation.parent,
        staff=people.pritchard if from_class else None,
        body=f"Words {dice.random()}",
        key=uuid4(),
        sent_at=sent,
        release_at=release,
        announced_at=announced,
        read_at=dice.choice([at(NOW), None]) if release <= at(NOW) else None,
        withdrawn_at=at(NOW) if withdrawn else None,
        withdrawn_because="writer" if withdrawn else "",
        rerouted_at=at(NOW) if not from_class and dice.random() < 0.15 else None,
        hidden_at=at(NOW) if dice.random() < 0.15 else None,
    )


def family(classroom, number: int, dice: Random) -> Conversation:
    user = User.objects.create(name=f"Parent {number}", password="!")
    contact = Contact.objects.create(school_ref=f"X{number}", forename="Parent", surname="X", user=user)
    pupil = Pupil.objects.create(
        school_ref=f"X{number}",
        legal_forename="Child",
        legal_surname=str(number),
        preferred_forename=f"Child{number}",
        date_of_birth=at("2018-05-04 00:00").date(),
        classroom=classroom,
        dragon=[0] * 5,
        left_on=dice.choice([None] * 8 + [at("2026-11-10 12:00").date(), at("2026-11-11 12:00").date()]),
    )
    restriction = dice.choice(["none", "none", "messaging_paused", "no_access"])
    joined = {"joined_at": at("2026-09-02 09:00"), "slot": 1}
    Guardianship.objects.create(
        pupil=pupil, contact=contact, restriction=restriction, restriction_note="An order.", **joined
    )
    done = dice.choice([None, None, at("2026-11-09 09:30"), at("2026-11-09 14:00")])
    return Conversation.objects.create(pupil=pupil, parent=user, done_at=done)


def write_of_every_kind(people) -> list[Conversation]:
    dice, conversations = Random(7), []
    broadcast = Broadcast.objects.create(author=people.celyn.account, staff=people.pritchard, key=uuid4())
    for number in range(FAMILIES):
        classroom = dice.choice([people.celyn, people.celyn, people.derwen])
        conversations.append(family(classroom, number, dice))
    for each in Guardianship.objects.filter(contact__user__email__endswith="@family.example"):
        conversations.append(Conversation.objects.create(pupil=each.pupil, parent=each.contact.user))
    for conversation in conversations:
        classroom = conversation.pupil.classroom
        messages = [message(people, conversation, dice) for _one in range(dice.randrange(9))]
        Message.objects.bulk_create(messages)
        BroadcastMessage.objects.bulk_create(
            BroadcastMessage(message=each, broadcast=broadcast)
            for each in messages
            if each.from_class and classroom == people.celyn and dice.random() < 0.3
        )
    return conversations


def values(instance) -> dict[str, object]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
