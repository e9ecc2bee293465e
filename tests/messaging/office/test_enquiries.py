import re

import pytest
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from messaging.conversations.services.scheduling import announce_due
from messaging.enums import EnquiryState, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.rules.enquiries import MESSAGES_AN_HOUR
from messaging.office.services.enquiries import LETTERS, new_reference
from tests.messaging.conversations.test_pages import questions
from tests.messaging.office.test_absence import submit_absence
from tests.messaging.school_time import from_parent, page_text
from tests.people import key
from tests.sentences.messaging import (
    CHILD_NOT_CHOSEN,
    CHILD_OF_ANOTHER_FAMILY,
    CHOICE_MISSING,
    COLLECTING_PERSON_MISSING,
    COMPLAINT_ABOUT_MISSING,
    DAY_IS_OVER,
    DAY_TOO_FAR_AHEAD,
    DAY_UNREADABLE,
    LOST_ITEM_MISSING,
    NEW_FOR_THE_OFFICE,
    OFFICE_IS_CLOSED,
    OFFICE_IS_OPEN,
    PHONE_NUMBER_MISSING,
    WHAT_IS_IT_ABOUT,
)

CANARY = "green coat with fox buttons"


ANSWERS = {
    "about": "menu",
    "club": "Chess",
    "day": "2026-11-18",
    "item": "A coat",
    "whom": "school",
    "wanted": "An answer",
    "by_when": "3.15 today",
}


def answers_of(topic: str) -> dict[str, str]:
    """Answer every question of every topic; a form takes its own."""
    return ANSWERS | ({"about": "join"} if topic == "clubs" else {})


def submit_form(people, topic="lost", body=CANARY, who=None, **more) -> Enquiry:
    answers = {"child": people.mali.pk, "body": body, "phone": "07700 900142", "key": key(), "confirm": "1"}
    answers |= answers_of(topic) | more
    reply = people.client(who or people.nia).post(f"/write/{topic}/", answers)
    assert reply.status_code == 302, reply.content.decode()
    return Enquiry.objects.latest("turn")


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("topic", [topic for topic in Topic.values if topic != Topic.ABSENCE])
def test_each_topic_goes_to_the_office_at_once(people, clock, topic):
    clock.set("2026-11-14 23:00")
    enquiry = submit_form(people, topic)
    assert enquiry.topic == topic and enquiry.state == EnquiryState.NEW
    assert CANARY in page_text(people.client(people.office), "/office/")


@pytest.mark.policy("PA-7")
def test_writing_starts_with_a_topic_and_urgent_with_the_number(people, clock):
    nia = people.client(people.nia)
    page = page_text(nia, "/write/")
    assert page.index(WHAT_IS_IT_ABOUT) < page.index("01632 960115") < page.index("Absence or sickness")
    for topic in [topic for topic in Topic.values if topic != Topic.ABSENCE]:
        assert f"/write/{topic}/" in page and nia.get(f"/write/{topic}/").status_code == 200
    urgent = page_text(nia, "/write/urgent/")
    assert "999" in urgent and urgent.index('class="link call__number"') < urgent.index("<form class=")
    assert OFFICE_IS_OPEN in urgent
    clock.set("2026-11-10 16:30")
    assert OFFICE_IS_CLOSED % {"when": "Wednesday 08:30"} in page_text(
        people.client(people.nia), "/write/urgent/"
    )


@pytest.mark.policy("PA-7")
def test_the_class_sees_nothing_of_an_enquiry_by_any_path(people):
    enquiry, message = submit_form(people), from_parent(people)
    announce_due()
    celyn = people.client(people.celyn)
    for address in [
        "/office/",
        "/office/absences.csv",
        "/write/",
        "/write/lost/",
        f"/write/done/{plain(enquiry)}/",
    ]:
        assert celyn.get(address).status_code == 404, address
    for address in [f"/office/{enquiry.pk}/take/", f"/office/{enquiry.pk}/done/"]:
        assert celyn.post(address).status_code == 404
    for address in ["/messages/", f"/messages/{message.conversation_id}/"]:
        page = page_text(celyn, address)
        assert CANARY not in page and enquiry.reference not in page and "office/" not in page
    assert not Notification.objects.filter(recipient=people.celyn.account, kind="enquiry").exists()
    assert list(Enquiry.objects.visible_to(people.actor(people.celyn))) == []


def plain(enquiry: Enquiry) -> str:
    return enquiry.reference.replace(" ", "")


def test_the_office_opens_its_list_and_leaders_see_complaints(people):
    submit_absence(people, note="A private illness")
    submit_form(people)
    complaint = submit_form(people, "complaint", "The gate is too narrow")
    office = page_text(people.client(people.office), "/office/")
    assert CANARY in office and "A private illness" in office and "too narrow" in office
    deputy = people.client(people.deputy)
    page = page_text(deputy, "/office/")
    assert "too narrow" in page and CANARY not in page
    assert "illness" not in page and "Temperature" not in page and "Absence sheet" not in page
    assert deputy.get("/office/absences.csv").status_code == 404
    assert deputy.post(f"/office/{complaint.pk}/take/").status_code == 302
    for who in (people.nia, people.dylan, people.celyn, people.mali):
        assert people.client(who).get("/office/").status_code == 404
        assert people.client(who).get("/office/absences.csv").status_code == 404
    assert Client().get("/office/").status_code == 302


def test_a_senior_leader_works_on_complaints_only(people):
    lost = submit_form(people)
    for path in ("take", "done"):
        assert people.client(people.deputy).post(f"/office/{lost.pk}/{path}/").status_code == 404
    lost.refresh_from_db()
    assert lost.state == EnquiryState.NEW


def test_taking_and_closing_an_enquiry_is_audited(people):
    enquiry, office = submit_form(people), people.client(people.office)
    assert office.get(f"/office/{enquiry.pk}/take/").status_code == 405
    for _attempt in range(2):
        office.post(f"/office/{enquiry.pk}/take/")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.taken_by) == (EnquiryState.TAKEN, people.office)
    assert EnquiryState.TAKEN.family_label in page_text(people.client(people.nia), "/messages/")
    for _attempt in range(2):
        office.post(f"/office/{enquiry.pk}/done/")
    assert CANARY not in page_text(office, "/office/")
    verbs = AuditEntry.objects.filter(about=f"messaging.enquiry:{enquiry.pk}").values_list("verb", flat=True)
    assert sorted(verbs) == ["enquiry.closed", "enquiry.taken"]


def test_what_a_colleague_has_taken_is_not_taken_again(people):
    enquiry = submit_form(people, "complaint")
    people.client(people.deputy).post(f"/office/{enquiry.pk}/take/")
    page = people.client(people.office).post(f"/office/{enquiry.pk}/take/", follow=True)
    assert "already taken" in page.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.taken_by == people.deputy


def test_the_queue_shows_urgent_then_oldest_with_school_day_ages(people, clock):
    for when, topic, body in [
        ("2026-11-05 10:00", "lost", "Oldest"),
        ("2026-11-06 18:00", "dinners", "Over the weekend"),
        ("2026-11-10 09:00", "urgent", "Right now"),
    ]:
        clock.set(when)
        submit_form(people, topic, body)
    clock.set("2026-11-10 10:00")
    page = page_text(people.client(people.office), "/office/")
    assert page.index("Right now") < page.index("Oldest") < page.index("Over the weekend")
    assert re.findall(r"(\d) school days?", page) == ["3", "2"]


def test_the_queue_is_filtered_by_topic_and_ignores_nonsense(people):
    submit_form(people)
    submit_form(people, "dinners", "Packed lunch")
    office = people.client(people.office)
    only = page_text(office, "/office/?topic=dinners")
    assert "Packed lunch" in only and CANARY not in only
    assert CANARY in page_text(office, "/office/?topic=x'--")


def test_the_parent_gets_a_reference_and_nobody_else_opens_it(people):
    enquiry = submit_form(people)
    assert re.fullmatch(f"L [{LETTERS}]{{3}} [{LETTERS}]{{3}}", enquiry.reference)
    address = f"/write/done/{plain(enquiry)}/"
    page = page_text(people.client(people.nia), address)
    assert enquiry.reference in page and CANARY in page
    assert people.client(people.nia).get(address.lower()).status_code == 200
    for who in (people.gareth, people.dylan, people.celyn, people.office, people.head, people.mali):
        assert people.client(who).get(address).status_code == 404
    assert people.client(people.nia).get("/write/done/L222222/").status_code == 404


def test_references_are_sayable_and_hardly_guessable():
    drawn = {new_reference("absence") for _ in range(2000)}
    assert len(drawn) == 2000 and len(LETTERS) ** 6 > 300_000_000
    assert not set("AEIOU01LS") & set(LETTERS)


@pytest.mark.parametrize(
    ("topic", "changed", "sentence"),
    [
        ("other", {"body": ""}, "write something"),
        ("other", {"body": "\u200b"}, "write something"),
        ("lost", {"item": " "}, LOST_ITEM_MISSING),
        ("clubs", {"about": "collects"}, COLLECTING_PERSON_MISSING),
        ("clubs", {"day": "2026-11-09"}, DAY_IS_OVER),
        ("clubs", {"day": "2036-11-09"}, DAY_TOO_FAR_AHEAD),
        ("clubs", {"day": "31.02.2026"}, DAY_UNREADABLE),
        ("dinners", {"about": "steak"}, CHOICE_MISSING),
        ("complaint", {"whom": ""}, COMPLAINT_ABOUT_MISSING),
        ("complaint", {"reply_by": "telephone", "phone": ""}, PHONE_NUMBER_MISSING),
        ("lost", {"body": "x" * 5001}, "5,000"),
        ("lost", {"child": ""}, CHILD_NOT_CHOSEN),
        ("lost", {"child": "foreign"}, CHILD_OF_ANOTHER_FAMILY),
        ("lost", {"child": "x"}, CHILD_OF_ANOTHER_FAMILY),
        ("urgent", {"phone": ""}, PHONE_NUMBER_MISSING),
        ("urgent", {"phone": "0" * 31}, "30"),
    ],
)
def test_each_wrong_answer_gets_a_sentence(people, topic, changed, sentence):
    if changed.get("child") == "foreign":
        changed = {"child": people.rhys.pk}
    answers = {"child": people.mali.pk, "body": CANARY, "phone": "01632 960115", "key": key()}
    answers |= answers_of(topic) | changed
    reply = people.client(people.nia).post(f"/write/{topic}/", answers)
    assert reply.status_code == 422 and sentence in reply.content.decode()
    assert not Enquiry.objects.exists()


def test_topics_that_do_not_exist_are_not_found(people):
    nia = people.client(people.nia)
    assert nia.get("/write/lost/").status_code == 200
    for topic in ("money", "ABSENCE", "..", "x" * 300):
        assert nia.get(f"/write/{topic}/").status_code == 404


def test_words_to_the_office_do_nothing_in_its_page(people):
    submit_form(people, body='<img src=x onerror="a()"><b hx-get="/">')
    page = page_text(people.client(people.office), "/office/")
    assert "<img src=x" not in page and "&lt;img" in page


def test_senior_leaders_are_notified_of_complaints_only(people):
    submit_form(people)
    submit_form(people, "complaint")
    kinds = Notification.objects.values_list("recipient__name", "title")
    assert sorted(kinds) == [
        ("Mr Rees", NEW_FOR_THE_OFFICE % {"topic": "A complaint"}),
        ("Mrs Lewis", NEW_FOR_THE_OFFICE % {"topic": "A complaint"}),
        ("Mrs Lewis", NEW_FOR_THE_OFFICE % {"topic": "Something lost"}),
        ("Mrs Vaughan", NEW_FOR_THE_OFFICE % {"topic": "A complaint"}),
    ]


def test_a_flood_of_enquiries_is_refused_kindly(people):
    nia = people.client(people.nia)
    for _number in range(MESSAGES_AN_HOUR):
        nia.post("/write/other/", {"body": CANARY, "key": key(), "confirm": "1"})
    reply = nia.post("/write/other/", {"body": CANARY, "key": key(), "confirm": "1"})
    assert reply.status_code == 422 and "in one hour" in reply.content.decode()
    assert Enquiry.objects.count() == MESSAGES_AN_HOUR


def test_the_offices_page_takes_the_same_queries_at_1_and_3_rows(people):
    nia, office = people.client(people.nia), people.client(people.office)
    counts = []
    for rows in (1, 2):
        for _row in range(rows):
            submit_absence(people, nia)
            nia.post("/write/lost/", {"child": people.mali.pk, "body": CANARY, "key": key()})
        counts.append(questions(office, "/office/"))
    assert counts[0] == counts[1] <= 12
