"""Leaders and the office at the pages of staff."""

import pytest
from django.test import Client


@pytest.fixture
def head(people) -> Client:
    return people.client(people.head)


@pytest.fixture
def deputy(people) -> Client:
    return people.client(people.deputy)


@pytest.fixture
def office(people) -> Client:
    return people.client(people.office)
