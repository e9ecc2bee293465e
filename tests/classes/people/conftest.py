import pytest


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.fixture
def deputy(people):
    return people.client(people.deputy)
