"""Write a school of a chosen size straight into the tables: a few years of use, the same in every run."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils.timezone import now

from accounts.models.people import StaffMember, User
from accounts.models.school import School, Term, WorkingHours
from accounts.models.terms import TermsVersion
from classes.avatar.drawing import hatch
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from points.models import Behaviour

BIG_CLASS = 25  # pupils of the measured class, with two parents each: fifty conversations


@dataclass(frozen=True)
class Size:
    """How much is loaded, and how long is measured: rounds of `times` requests, and concurrent clients."""

    classes: int
    pupils: int
    parents: int
    messages: int
    posts: int
    awards: int
    crowd: int = 250  # pupils of a class ten times as large, for lists whose cost must not grow with it
    rounds: int = 5
    times: int = 30
    clients: int = 16

    def __str__(self) -> str:
        return (
            f"{self.pupils:,} pupils, {self.parents:,} parents, {self.classes:,} classes, "
            f"{self.messages:,} messages, {self.posts:,} posts, {self.awards:,} awards; "
            f"beside them a class of {2 * self.crowd} conversations, each as long"
        )

    @property
    def conversations(self) -> int:
        return self.parents + 2 * self.crowd

    @property
    def all_messages(self) -> int:
        return self.messages * self.conversations // self.parents


SIZES = {
    "tiny": Size(3, 40, 70, 700, 330, 400, 35, rounds=1, times=2, clients=2),
    "school": Size(20, 420, 700, 42_000, 2_500, 84_000),
    "city": Size(900, 18_900, 31_500, 1_890_000, 112_500, 3_780_000),
}


@dataclass
class Loaded:
    size: Size
    parents: list[User]  # those of the big class first: parent n has a child in pupils[n % len(pupils)]
    pupils: list[Pupil]
    account: User
    crowded: User  # the account of the class that is ten times as large
    staff: StaffMember
    behaviour: Behaviour
    terms: TermsVersion

    def child_of(self, slot: int) -> Pupil:
        return self.pupils[slot % len(self.pupils)]


def load_school(size: Size) -> Loaded:
    """Fill an empty, migrated database."""
    terms = _school()
    staff = StaffMember.objects.create(
        title="Mrs", forename="Anwen", surname="Pritchard", pin=make_password("583520")
    )
    classrooms = _classrooms(size, staff)
    pupils = _pupils(size, classrooms)
    parents = _families(pupils, range(size.parents))
    crowded = _crowd(size, staff)
    behaviour = Behaviour.objects.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # millions of rows take longer than a page may
        for statement in STATEMENTS:
            numbers = {"conversations": size.conversations, "all_messages": size.all_messages}
            made = {"behaviour": behaviour.pk, "staff": staff.pk}
            cursor.execute(statement, size.__dict__ | numbers | made)
    account = classrooms[0].account
    assert account is not None
    return Loaded(size, parents, pupils, account, crowded, staff, behaviour, terms)


def _school() -> TermsVersion:
    School.objects.filter(pk=1).update(
        name_en="Malpas Court Primary School",
        name_cy="Ysgol Gynradd Llys Malpas",
        short_name_en="Malpas Court",
        short_name_cy="Llys Malpas",
        office_phone="01632 960115",
        concerns_email="concerns@school.example",
    )
    WorkingHours.objects.bulk_create(WorkingHours(weekday=weekday) for weekday in (5, 6))
    WorkingHours.objects.update(working_start="00:00", working_end="23:59:59")
    today = now().date()
    Term.objects.create(name="Before", starts=today - timedelta(days=200), ends=today - timedelta(days=1))
    Term.objects.create(name="Now", starts=today, ends=today + timedelta(days=200))
    dates = {"dated": date(2026, 1, 1), "review_by": date(2028, 1, 1), "published_at": now()}
    return TermsVersion.objects.create(number=1, body_en="Be kind.", body_cy="Byddwch yn garedig.", **dates)


def _account(name: str, kind: str = "person") -> User:
    return User(name=name, email=f"{name}@school.example".lower().replace(" ", "-"), kind=kind, password="!")


def _classrooms(size: Size, staff: StaffMember) -> list[Classroom]:
    accounts = User.objects.bulk_create(_account(f"Class {n}", "class") for n in range(size.classes))
    made = Classroom.objects.bulk_create(Classroom(name=user.name, account=user) for user in accounts)
    staff.classrooms.add(*made)
    return made


def _pupils(size: Size, classrooms: list[Classroom]) -> list[Pupil]:
    big, *others = classrooms
    return Pupil.objects.bulk_create(
        _pupil(n, big if n < BIG_CLASS else others[n % len(others)]) for n in range(size.pupils)
    )


def _pupil(n: int, classroom: Classroom) -> Pupil:
    return Pupil(
        school_ref=str(n),
        legal_forename=f"Child{n}",
        legal_surname=f"Family{n}",
        preferred_forename=f"Child{n}",
        date_of_birth=date(2018, 1, 1),
        classroom=classroom,
        dragon=list(hatch(n)),
    )


def _crowd(size: Size, staff: StaffMember) -> User:
    """Create the class that is ten times as large, with two parents for each pupil; return its account."""
    account = User.objects.bulk_create([_account("Class of many", "class")])[0]
    classroom = Classroom.objects.create(name=account.name, account=account)
    staff.classrooms.add(classroom)
    first = size.pupils
    pupils = Pupil.objects.bulk_create(_pupil(n, classroom) for n in range(first, first + size.crowd))
    _families(pupils, range(size.parents, size.conversations))
    return account


def _families(pupils: list[Pupil], numbers: range) -> list[User]:
    """Create a parent for each number, with a guardianship for the pupils in turn."""
    parents = User.objects.bulk_create(_account(f"Parent {n}") for n in numbers)
    contacts = Contact.objects.bulk_create(
        Contact(school_ref=str(n), forename="Parent", surname=str(n), user=user)
        for n, user in zip(numbers, parents, strict=True)
    )
    Guardianship.objects.bulk_create(
        Guardianship(
            pupil=pupils[n % len(pupils)], contact=contact, joined_at=now(), slot=1 + n // len(pupils)
        )
        for n, contact in enumerate(contacts)
    )
    return parents


# A hash of the row number in place of a random number, so that two runs load the same rows.
DICE = "(hashint4(n::int + {}) & 2147483647)"
MOMENT = f"now() - (20 + {DICE.format(7_000_000)} %% 260000) * interval '1 minute'"
STATEMENTS = [
    f"""
    INSERT INTO points_award (pupil_id, behaviour_id, points, note, classroom_id, given_by_id, account_id,
                              given_at, key)
    SELECT p.id, %(behaviour)s, 1, '', p.classroom_id, %(staff)s, p.account_id, {MOMENT}, gen_random_uuid()
    FROM generate_series(1, %(awards)s) n
    JOIN (SELECT pupil.id, classroom_id, room.account_id, row_number() OVER (ORDER BY pupil.id) - 1 AS slot
          FROM classes_pupil pupil JOIN classes_classroom room ON room.id = classroom_id) p
      ON p.slot = {DICE.format(0)} %% %(pupils)s
    """,
    """
    INSERT INTO messaging_conversation (pupil_id, parent_id)
    SELECT pupil_id, user_id FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id
    """,
    f"""
    INSERT INTO messaging_message (conversation_id, author_id, staff_id, from_class, body, key, sent_at,
                                   release_at, announced_at, read_at, withdrawn_because)
    SELECT c.id, CASE WHEN reply THEN c.account_id ELSE c.parent_id END,
           CASE WHEN reply THEN %(staff)s END, reply, repeat('Three boxes are in the bag for Monday. ', 3),
           gen_random_uuid(), moment, moment, moment,
           CASE WHEN n %% 20 > 0 THEN moment + interval '1 hour' END, ''
    FROM (SELECT n, n %% 2 = 0 AS reply, {MOMENT} AS moment, {DICE.format(1)} %% %(conversations)s AS slot
          FROM generate_series(1, %(all_messages)s) n) made
    JOIN (SELECT c.id, c.parent_id, room.account_id, row_number() OVER (ORDER BY c.id) - 1 AS slot
          FROM messaging_conversation c JOIN classes_pupil p ON p.id = c.pupil_id
          JOIN classes_classroom room ON room.id = p.classroom_id) c USING (slot)
    """,
    f"""
    INSERT INTO stories_post (classroom_id, author_id, staff_id, title, body, key, written_at, release_at,
                              announced_at)
    SELECT CASE WHEN n %% 10 > 0 THEN room.id END, room.account_id, %(staff)s, 'We have built a castle',
           repeat('With a drawbridge, and chains that took all week. ', 4), gen_random_uuid(),
           moment, moment, moment
    FROM (SELECT n, {MOMENT} AS moment, {DICE.format(2)} %% %(classes)s AS slot
          FROM generate_series(1, %(posts)s) n) made
    JOIN (SELECT id, account_id, row_number() OVER (ORDER BY id) - 1 AS slot
          FROM classes_classroom) room USING (slot)
    """,
    """
    INSERT INTO stories_photo (post_id, name, alt, width, height)
    SELECT id, 'photo-' || id || '-' || n, 'A castle of boxes', 640, 480
    FROM stories_post CROSS JOIN generate_series(1, 2) n WHERE id %% 2 = 0
    """,
    "CREATE TABLE bench_row (id bigserial PRIMARY KEY, words text NOT NULL)",
    "INSERT INTO bench_row (words) SELECT 'row ' || n FROM generate_series(1, 1000) n",
    "ANALYZE",
]
