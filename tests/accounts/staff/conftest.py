"""People of the tests of staff accounts."""

import pytest

from accounts.models.people import StaffMember, User
from tests.accounts.staff.invitations import ADDRESS
from tests.people import make_staff, make_user


@pytest.fixture
def tegid(people) -> StaffMember:
    """A member of the office without an account."""
    return make_staff("Mr", "Tegid", "Rhys", is_office=True, job="Office")


@pytest.fixture
def person(people) -> User:
    """Somebody with an account of the invited address, and nothing else."""
    return make_user("Tegid Rhys", ADDRESS)
