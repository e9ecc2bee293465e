"""What every signed-in request reads in one statement of its own."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Model
from django.utils.timezone import localtime

from accounts.models.parent_pin import ParentPin
from accounts.models.people import StaffMember, User
from accounts.models.school import School
from accounts.models.terms import TermsVersion
from accounts.sign_in.mfa import authenticators_of
from accounts.sign_in.queries import account_with_school
from tests.people import PIN, give_authenticator

HOUR = timedelta(hours=1)


def values(instance: Model) -> dict[str, object]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


@pytest.fixture
def head(people) -> User:
    """Return the account of the head, who has all that an account may have."""
    user = people.head.user
    give_authenticator(user)
    ParentPin.objects.create(user=user, pin=make_password(PIN), pin_failures=2)
    return user


def test_an_account_is_read_as_django_reads_it(head):
    read = account_with_school(head.pk)
    assert values(read) == values(User.objects.get(pk=head.pk))
    assert values(read.staff_member) == values(StaffMember.objects.get(user=head))
    assert values(read.parent_pin) == values(ParentPin.objects.get(user=head))
    assert values(read.school) == values(School.objects.get(pk=1))


@pytest.mark.parametrize("model", [User, StaffMember, ParentPin, School])
def test_no_column_of_the_statement_needs_converting(model):
    fields = model._meta.concrete_fields
    assert {field.name for field in fields if field.get_db_converters(connection)} == set()


def test_the_school_comes_with_its_clock_and_its_terms(people, clock):
    now = clock.set("2026-11-13 12:00")
    dates = {"dated": people.terms.dated, "review_by": people.terms.review_by}
    TermsVersion.objects.create(
        number=9, body_en="Be kind.", body_cy="Byddwch.", published_at=now + HOUR, **dates
    )
    for moment, number in ((now, people.terms.number), (now + HOUR, 9)):
        clock.set(f"{localtime(moment):%Y-%m-%d %H:%M}")
        for school in (account_with_school(people.nia.pk).school, School.objects.here()):
            assert (school.now, school.terms_number) == (moment, number)


def test_everything_of_an_account_is_known_after_one_query(head, django_assert_num_queries):
    with django_assert_num_queries(1):
        read = account_with_school(head.pk)
        assert len(authenticators_of(read)) == 1
        assert read.staff_member.user is read
        assert read.parent_pin.user is read
        assert read.school.now


@pytest.mark.parametrize("kind", [*Authenticator.Type])
def test_authenticators_are_ones_own_and_no_recovery_codes(head, people, kind):
    Authenticator.objects.create(user=people.deputy.user, type=kind, data={})
    for user in (head, people.deputy.user, people.nia):
        plain = User.objects.get(pk=user.pk)
        assert authenticators_of(account_with_school(user.pk)) == authenticators_of(plain)
    own = authenticators_of(account_with_school(people.deputy.user.pk))
    assert bool(own) is (kind != Authenticator.Type.RECOVERY_CODES)
    assert authenticators_of(account_with_school(people.nia.pk)) == []


def test_what_an_account_has_not_is_known_too(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        read = account_with_school(people.nia.pk)
        assert authenticators_of(read) == []
        assert getattr(read, "staff_member", None) is None
        assert getattr(read, "parent_pin", None) is None


def test_an_account_that_is_gone_is_nobody(people):
    assert account_with_school(people.nia.pk) is not None
    assert account_with_school(0) is None


def test_a_signed_in_request_begins_with_two_queries(people, django_assert_num_queries):
    browser = people.client(people.nia)
    browser.get("/help/")
    with django_assert_num_queries(2):  # the session; its account and the school
        assert browser.get("/help/").status_code == 200
