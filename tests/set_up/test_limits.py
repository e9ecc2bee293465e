"""Leaders set how much a parent may write in an hour, and by when a complaint is answered (AU-4)."""

import pytest
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.school import School
from tests.accounts.staff.pages.sending import fields_of, send
from tests.sentences.accounts import COMPLAINT_STAGES_REFUSED

PAGE = "/set-up/limits/"


@pytest.fixture
def head(people) -> Client:
    return people.client(people.head)


def stored() -> tuple[int, list[int]]:
    school = School.objects.get()
    return school.messages_an_hour, school.complaint_days


def test_leaders_set_how_many_school_days_each_stage_takes(people):
    deputy = people.client(people.deputy)
    assert 'value="5, 10, 15"' in deputy.get(PAGE).content.decode()
    assert f'href="{PAGE}"' in deputy.get("/set-up/").content.decode()
    for _turn in range(2):
        assert send(deputy, PAGE, complaint_days="3,10 , 20").url == "/set-up/"
    assert stored() == (20, [3, 10, 20])
    entry = AuditEntry.objects.get(verb="admin.changed")
    assert entry.detail["values"] == {"complaint_days": ["5, 10, 15", "3, 10, 20"]}
    assert "5, 10, 15 → 3, 10, 20" in deputy.get("/records/").content.decode()


@pytest.mark.parametrize(
    "nonsense",
    ["", "5", "5, 10", "5,10,15,20", "0, 5, 10", "5, x, 9", "5, 10, 61", "٣, 5, 9", "5,,9", "5,\x00,9"],
)
def test_nonsense_for_the_stages_gets_a_sentence(head, nonsense):
    answer = send(head, PAGE, complaint_days=nonsense, messages_an_hour="30")
    assert answer.status_code == 422 and COMPLAINT_STAGES_REFUSED in answer.content.decode()
    assert 'value="30"' in answer.content.decode() and stored() == (20, [5, 10, 15])


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "501", "9" * 30, "x", "1.5"])
def test_a_number_of_messages_that_makes_no_sense_is_refused(head, nonsense):
    answer = send(head, PAGE, messages_an_hour=nonsense)
    assert answer.status_code == 422 and "messages_an_hour" in answer.context["form"].errors
    assert stored() == (20, [5, 10, 15])


def test_an_old_page_undoes_no_colleagues_number(people, head):
    early, deputy = fields_of(head.get(PAGE)), people.client(people.deputy)
    early["initial-complaint_days"] = "5, 10, 15"
    send(deputy, PAGE, messages_an_hour="40")
    head.post(PAGE, early | {"complaint_days": "4, 8, 12"})
    assert stored() == (40, [4, 8, 12])


@pytest.mark.parametrize(("who", "status"), [("office", 404), ("nia", 404), ("celyn", 404)])
def test_nobody_but_leaders_sets_limits(people, who, status):
    browser = people.client(getattr(people, who))
    assert browser.post(PAGE, {"messages_an_hour": 400, "complaint_days": "1, 1, 1"}).status_code == status
    assert stored() == (20, [5, 10, 15])
