"""Leaders at the pages of the head, the governor and colleagues' accounts."""

import pytest
from django.test import Client


@pytest.fixture
def head(people) -> Client:
    return people.client(people.head)


@pytest.fixture
def deputy(people) -> Client:
    return people.client(people.deputy)
