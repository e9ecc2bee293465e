"""Makes the demo school, in one transaction, through the services that a real school uses."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from accounts.models.school import School
from accounts.models.terms import TermsVersion
from classes.roster.apply import import_roster
from classes.roster.reading import read_table
from malpas.demo.calendar import load_calendar
from malpas.demo.life import load_life
from malpas.demo.people import DOMAIN, join_first_parents, make_class_accounts, make_leaders
from malpas.demo.pupils import open_to_pupils
from malpas.demo.words import TERMS_CY, TERMS_EN

ROSTER = Path(__file__).resolve().parents[2] / "classes" / "demo" / "roster.csv"


def name_school() -> None:
    School.objects.filter(pk=1).update(
        name_en="Malpas Court Primary School",
        name_cy="Ysgol Gynradd Llys Malpas",
        short_name_en="Malpas Court",
        short_name_cy="Llys Malpas",
        address="1 Castle Lane, Newport",
        office_phone="01632 960115",
        office_email=f"office@{DOMAIN}",
        concerns_email=f"concerns@{DOMAIN}",
        behaviour_policy_url=f"https://{DOMAIN}/behaviour-policy",
    )


def publish_terms(at: datetime) -> None:
    """The policy's own dates: of 02.10.2024, to be reviewed by 02.10.2026 (DO-1)."""
    TermsVersion.objects.create(
        number=1,
        body_en=TERMS_EN,
        body_cy=TERMS_CY,
        dated=date(2024, 10, 2),
        review_by=date(2026, 10, 2),
        published_at=at,
    )


@transaction.atomic
def load_demo_school(*, at: datetime, bare: bool = False) -> None:
    """Names, calendar, terms, the roster of the clean sample, staff, class accounts, two parents.

    The school's row, its hours and its behaviours are there since `migrate`.

    Unless `bare`: with a few days of points, two stories and some letters, and pupils who may come in.
    """
    name_school()
    load_calendar(at.date())
    publish_terms(at)
    import_roster(table=read_table(ROSTER.read_bytes()), today=at.date(), by=None)
    make_leaders(at)
    make_class_accounts()
    join_first_parents(at)
    if not bare:
        open_to_pupils(at)
        load_life(at)
