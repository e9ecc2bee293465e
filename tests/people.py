"""One school with the same named people in every test.

Celyn: Mrs Pritchard and Mr Adeyemi; children Mali (parents Nia and Gareth, who do not see each other's
messages), Efa (parent Sioned), Zofia (parent Kai, removed). Derwen: Miss Howells and Mrs Pritchard;
children Tomos (Sioned's too) and Rhys (parent Dylan: the stranger to everything in Celyn).
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

from accounts.actor import Actor
from accounts.allauth_internals import add_authenticator_app
from accounts.calendar.hours import forget_hours
from accounts.enums import ClosureKind, GovernorChangeKind, GovernorChangeState, UserKind
from accounts.models.governor import GovernorChange
from accounts.models.people import StaffMember, User
from accounts.models.school import Closure, School, Term
from accounts.models.staff_invitations import StaffInvitation
from accounts.models.terms import TermsAcceptance, TermsVersion
from classes.avatar.drawing import hatch
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from tests.clock import at
from tests.sentences.reading import without_marks
from tests.starting import begin_again

PASSWORD = "long-enough-for-a-test"
PIN = "4071"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every authenticator in the tests
BACKEND = "accounts.sign_in.backends.PortalBackend"


class Reader(Client):
    """A browser whose pages are read as people read them: without the marks of names, unless `sees_marks`."""

    sees_marks = False

    def request(self, **request):
        answer = super().request(**request)
        if (
            not self.sees_marks
            and not answer.streaming
            and "text/html" in answer.headers.get("Content-Type", "")
        ):
            answer.content = without_marks(answer.content.decode()).encode()
        return answer


@lru_cache
def hashed_pin() -> str:
    """One hash for all: hashing is slow on purpose, and nearly every test makes these people."""
    return make_password(PIN)


def make_school() -> School:
    """The school that `migrate` made, with its names and its calendar."""
    forget_hours()
    begin_again()
    for name, starts, ends in [
        ("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18)),
        ("Spring 2027", date(2027, 1, 4), date(2027, 4, 2)),
        ("Summer 2027", date(2027, 4, 19), date(2027, 7, 20)),
    ]:
        Term.objects.create(name=name, starts=starts, ends=ends)
    half_term = {"kind": ClosureKind.HALF_TERM, "name": "Half-term"}
    Closure.objects.create(starts=date(2026, 10, 26), ends=date(2026, 10, 30), **half_term)
    Closure.objects.create(starts=date(2027, 2, 15), ends=date(2027, 2, 19), **half_term)
    School.objects.filter(pk=1).update(
        name_en="Malpas Court Primary School",
        name_cy="Ysgol Gynradd Llys Malpas",
        short_name_en="Malpas Court",
        short_name_cy="Llys Malpas",
        office_phone="01632 960115",
        office_email="office@school.example",
        concerns_email="concerns@school.example",
        behaviour_policy_url="https://school.example/behaviour",
    )
    return School.objects.get(pk=1)


def make_user(name: str, email: str | None, kind: str = UserKind.PERSON, **fields) -> User:
    user = User(name=name, email=email, kind=kind, **fields)
    user.set_unusable_password()
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_staff(title: str, forename: str, surname: str, **fields) -> StaffMember:
    personal, is_governor = fields.pop("personal", False), fields.pop("is_governor", False)
    email = f"{forename}.{surname}@school.example".lower()
    row = StaffMember.objects.create(title=title, forename=forename, surname=surname, **fields)
    row = give_account(row, make_user(f"{title} {surname}", email)) if personal else row
    return name_governor(row) if is_governor else row


def name_governor(row: StaffMember) -> StaffMember:
    """Make them the governor, as a command on the server does."""
    with transaction.atomic():
        facts = {"kind": GovernorChangeKind.NAME, "state": GovernorChangeState.DONE}
        GovernorChange.objects.create(staff=row, reason="The governors have met.", **facts)
        StaffMember.objects.filter(pk=row.pk).update(is_governor=True)
    row.is_governor = True
    return row


def give_account(row: StaffMember, user: User) -> StaffMember:
    """Make the account this member of staff's, as a command on the server does."""
    moment = School.objects.here().now
    StaffInvitation.objects.create(
        staff=row,
        address=user.email,
        sent_at=moment,
        expires_at=moment,
        accepted_by=user,
        accepted_at=moment,
    )
    StaffMember.objects.filter(pk=row.pk).update(user=user)
    row.user = user
    return row


def make_class(name: str, *staff: StaffMember) -> Classroom:
    account = make_user(name, f"{name}@school.example".lower(), UserKind.CLASS)
    classroom = Classroom.objects.create(name=name, account=account)
    classroom.staff.set(staff)
    return classroom


def make_pupil(forename: str, surname: str, classroom: Classroom, **fields) -> Pupil:
    ref = fields.pop("school_ref", f"P{Pupil.objects.count() + 1001}")
    return Pupil.objects.create(
        school_ref=ref,
        legal_forename=forename,
        legal_surname=surname,
        preferred_forename=forename,
        date_of_birth=fields.pop("date_of_birth", date(2018, 5, 4)),
        classroom=classroom,
        dragon=list(hatch(ref)),
        **fields,
    )


def make_contact(forename: str, surname: str, user: User | None = None) -> Contact:
    return Contact.objects.create(
        school_ref=f"C{Contact.objects.count() + 5001}", forename=forename, surname=surname, user=user
    )


def guardianship(contact: Contact, pupil: Pupil, slot: int | None = 1, **fields) -> Guardianship:
    """A joined tie; place None makes one that has not joined."""
    joined = {"joined_at": at("2026-09-02 09:00"), "slot": slot} if slot else {}
    if "restriction" in fields:
        fields.setdefault("restriction_note", "An order.")
    return Guardianship.objects.create(
        contact=contact, pupil=pupil, parental_responsibility=True, **joined, **fields
    )


@dataclass
class People:
    school: School
    celyn: Classroom
    derwen: Classroom
    pritchard: StaffMember
    adeyemi: StaffMember
    howells: StaffMember
    head: StaffMember
    deputy: StaffMember
    office: StaffMember
    nia: User
    gareth: User
    sioned: User
    dylan: User
    kai: User
    mali: Pupil
    efa: Pupil
    zofia: Pupil
    tomos: Pupil
    rhys: Pupil
    terms: TermsVersion
    clients: dict[tuple[int, int | None], Client] = field(default_factory=dict)

    def actor(self, who: User | StaffMember | Classroom | Pupil, staff: StaffMember | None = None) -> Actor:
        """The actor of a parent, of a member of staff's own account, of a class account (by `staff`), of a pupil."""
        if isinstance(who, StaffMember):
            assert who.user is not None
            return Actor(who.user, who)
        if isinstance(who, Classroom):
            return Actor(who.account, staff or who.staff.order_by("pk").first())
        if isinstance(who, Pupil):
            return Actor(who.account)
        return Actor(who)

    def client(self, who: User | StaffMember | Classroom | Pupil, staff: StaffMember | None = None) -> Client:
        """A browser in which this person is signed in, the class's person chosen, the terms accepted."""
        actor = self.actor(who, staff)
        client = Reader()
        client.force_login(actor.user, backend=BACKEND)
        if actor.is_class and actor.staff:
            session = client.session
            session["staff"], session["staff_seen"] = actor.staff.pk, School.objects.here().now.isoformat()
            session.save()
        if actor.is_pupil:
            session = client.session
            session["pupil_began"] = session["pupil_seen"] = School.objects.here().now.isoformat()
            session.save()
        if actor.is_parent:
            unlock_in(client)
        if actor.is_personal and actor.staff:
            use_mfa(client, actor.user)
        if not actor.is_pupil:
            TermsAcceptance.objects.get_or_create(user=actor.user, staff=actor.staff, version=self.terms)
        return client

    def everybody(self) -> dict[str, Client | None]:
        """The people of the access matrix, by name; None is somebody who is not signed in."""
        return {
            "nobody": None,
            "parent": self.client(self.nia),
            "other parent of the child": self.client(self.gareth),
            "parent of both classes": self.client(self.sioned),
            "parent of another class": self.client(self.dylan),
            "removed parent": self.client(self.kai),
            "class": self.client(self.celyn),
            "another class": self.client(self.derwen, self.howells),
            "office": self.client(self.office),
            "deputy": self.client(self.deputy),
            "head": self.client(self.head),
            "pupil": self.client(self.mali),
        }


def unlock_in(client: Client) -> None:
    """As signing in does: this browser is the parent's for ten minutes."""
    session, now = client.session, School.objects.here().now.isoformat()
    session["parent_lock_seen"], session["parent_lock_how"] = now, {"how": "sign-in", "at": now}
    session.save()


def note_device(client: Client, user: User) -> None:
    """List this browser among the account's devices, as signing in by the pages does."""
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent="Firefox")


def give_authenticator(user: User, secret: str = SECRET) -> Authenticator:
    """An authenticator app, as if this person had set it up."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found or add_authenticator_app(user, secret)


def use_mfa(client: Client, user: User) -> None:
    """This browser's sign-in went through the second step."""
    authenticator, session = give_authenticator(user), client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": 0, "id": authenticator.pk, "type": "totp"}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def make_people() -> People:
    school = make_school()
    terms = TermsVersion.objects.create(
        number=1,
        body_en="Be kind.",
        body_cy="Byddwch yn garedig.",
        dated=date(2024, 10, 2),
        review_by=date(2026, 10, 2),
        published_at=at("2024-10-02 09:00"),
    )
    pritchard = make_staff("Mrs", "Anwen", "Pritchard")
    adeyemi = make_staff("Mr", "Tunde", "Adeyemi")
    howells = make_staff("Miss", "Carys", "Howells")
    for person in (pritchard, adeyemi, howells):
        StaffMember.objects.filter(pk=person.pk).update(pin=hashed_pin())
    head = make_staff("Mrs", "Eleri", "Vaughan", personal=True, is_slt=True, is_head=True, job="Head teacher")
    deputy = make_staff("Mr", "Huw", "Rees", personal=True, is_slt=True, job="Deputy head")
    office = make_staff("Mrs", "Joan", "Lewis", personal=True, is_office=True, job="Clerk")
    celyn, derwen = make_class("Celyn", pritchard, adeyemi), make_class("Derwen", howells, pritchard)
    people = {
        name.lower(): make_user(f"{name} {surname}", f"{name.lower()}@family.example")
        for name, surname in [
            ("Nia", "Bowen"),
            ("Gareth", "Bowen"),
            ("Sioned", "Price"),
            ("Dylan", "Morgan"),
            ("Kai", "Nowak"),
        ]
    }
    contacts = {name: make_contact(*user.name.split(), user) for name, user in people.items()}
    pupil_account = make_user("Mali", None, UserKind.PUPIL)
    mali = make_pupil("Mali", "Bowen", celyn, account=pupil_account)
    efa, zofia = make_pupil("Efa", "Price", celyn), make_pupil("Zofia", "Nowak", celyn)
    tomos, rhys = make_pupil("Tomos", "Price", derwen), make_pupil("Rhys", "Morgan", derwen)
    for name, pupil, slot in [
        ("nia", mali, 1),
        ("gareth", mali, 2),
        ("sioned", efa, 1),
        ("sioned", tomos, 1),
        ("dylan", rhys, 1),
        ("kai", zofia, 1),
    ]:
        guardianship(contacts[name], pupil, slot)
    User.objects.filter(pk=people["kai"].pk).update(removed_at=at("2026-10-01 12:00"), access_epoch=1)
    return People(
        school=school,
        celyn=celyn,
        derwen=derwen,
        pritchard=pritchard,
        adeyemi=adeyemi,
        howells=howells,
        head=head,
        deputy=deputy,
        office=office,
        **people,
        mali=mali,
        efa=efa,
        zofia=zofia,
        tomos=tomos,
        rhys=rhys,
        terms=terms,
    )


def key() -> str:
    return str(uuid4())
