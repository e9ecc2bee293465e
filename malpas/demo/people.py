"""Who works at the demo school, and which parents have joined already."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from accounts.actor import Actor
from accounts.enums import GovernorChangeKind, UserKind
from accounts.leadership.governor import change_on_server
from accounts.models.people import StaffMember, User
from accounts.parent_lock.pin import choose_parent_pin
from accounts.staff.accounts import give_account_by_server
from accounts.staff.pins import set_pin
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from malpas.demo.mfa import give_authenticator

PASSWORD = "daffodil-drawbridge-42"
PIN = "7395"
DOMAIN = "malpascourt.example"


@dataclass(frozen=True)
class Sitter:
    """Somebody one can sign in as."""

    role: str
    address: str
    note: str = ""


LEADERS = [
    ("Mrs", "Eleri", "Vaughan", "Head teacher", {"is_slt": True, "is_head": True}),
    ("Mr", "Huw", "Rees", "Deputy head", {"is_slt": True, "is_safeguarding": True}),
    ("Mrs", "Joan", "Lewis", "Main Office", {"is_office": True}),
    ("Dr", "Olwen", "Prys", "Governor", {}),
]
TEACHERS = [
    ("Mrs", "Anwen", "Pritchard"),
    ("Mr", "Tunde", "Adeyemi"),
    ("Miss", "Carys", "Howells"),
    ("Mr", "Gethin", "Parry"),
    ("Mrs", "Farida", "Rahman"),
    ("Miss", "Lowri", "Jenkins"),
    ("Mr", "Piotr", "Zielinski"),
    ("Mrs", "Delyth", "Morgan"),
    ("Ms", "Grace", "Okoro"),
    ("Mrs", "Nerys", "Hopkins"),
]


def make_account(name: str, email: str, kind: str = UserKind.PERSON) -> User:
    """An account with the demo password and a confirmed address."""
    user = User.objects.create_user(email=email, password=PASSWORD, name=name, kind=kind)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_leaders(at: datetime) -> None:
    for title, forename, surname, job, roles in LEADERS:
        user = make_account(f"{title} {surname}", f"{forename}.{surname}@{DOMAIN}".lower())
        row = StaffMember.objects.create(title=title, forename=forename, surname=surname, job=job, **roles)
        give_account_by_server(row, user, at=at)
        if job == "Governor":
            change_on_server(row, GovernorChangeKind.NAME, reason="The governors have met.", at=at)
        give_authenticator(user)


def make_class_accounts() -> None:
    """Each class gets its shared account, a teacher of its own and one who belongs to two classes (TE-2)."""
    teachers = [StaffMember.objects.create(title=t, forename=f, surname=s) for t, f, s in TEACHERS]
    for teacher in teachers:
        set_pin(teacher, PIN, by=None)
    for number, classroom in enumerate(Classroom.objects.order_by("name")):
        address = f"{slugify(classroom.name.split()[-1])}@{DOMAIN}"
        classroom.account = make_account(classroom.name, address, UserKind.CLASS)
        classroom.save(update_fields=["account"])
        classroom.staff.set([teachers[number % len(teachers)], teachers[(number + 1) % len(teachers)]])


def join_first_parents(at: datetime) -> None:
    """The first two children of the first class that has some: their first contact has joined already."""
    classroom = show_class()
    chosen = Guardianship.objects.filter(
        pupil__classroom=classroom, priority=1, suggestion="invite", contact__user=None
    ).exclude(contact__email="")
    for guardianship in chosen.select_related("contact", "pupil").order_by("pk")[:2]:
        contact = guardianship.contact
        contact.user = make_account(contact.full_name, contact.email)
        contact.save(update_fields=["user"])
        Guardianship.objects.filter(pk=guardianship.pk).update(joined_at=at, slot=1)
        birthday = guardianship.pupil.date_of_birth
        choose_parent_pin(PIN, birthdays=[birthday], by=Actor(contact.user), at=at)


def show_class() -> Classroom:
    """The class that is shown: the first in the middle of the school."""
    return (
        Classroom.objects.filter(name__startswith="Year 3").order_by("name").first()
        or Classroom.objects.all()[0]
    )


def sitters() -> list[Sitter]:
    """Everybody one can sign in as, in the order of the day."""
    classroom = show_class()
    parents = (
        User.objects.filter(contact__guardianships__pupil__classroom=classroom).distinct().order_by("pk")[:2]
    )
    found = [
        Sitter("parent", str(parent.email), f"{parent.name}, {classroom}, PIN {PIN}") for parent in parents
    ]
    account = classroom.account
    if account:
        people = " / ".join(person.signature for person in classroom.staff.all())
        found.append(Sitter("class", str(account.email), f"{classroom}: {people}, PIN {PIN}"))
    roles = [
        ("office", {"is_office": True}),
        ("head", {"is_head": True}),
        ("deputy", {"is_slt": True, "is_head": False}),
        ("governor", {"is_governor": True}),
    ]
    for role, flags in roles:
        person = StaffMember.objects.filter(user__isnull=False, **flags).select_related("user").first()
        if person and person.user:
            found.append(Sitter(role, str(person.user.email), person.signature))
    return found
