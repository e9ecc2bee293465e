"""Check the office's pages and forms without scripts (PA-7, PA-13)."""

import csv
import io
import re

import pytest

from accounts.models.notifications import Notification
from classes.models.guardianships import Contact
from messaging.enums import EnquiryState, EntryKind, Topic
from messaging.models.absences import Absence, AbsenceCode
from messaging.models.complaints import Complaint, Stage
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.models.screening import StandardReply
from messaging.office.services.casework import answer_enquiry, close_enquiry, note_on_enquiry
from messaging.screening.school_lists import clear_school_lists_cache
from tests.clock import at
from tests.messaging.conversations.test_pages import questions
from tests.messaging.office.test_absence import answers as absence_answers
from tests.messaging.office.test_absence import submit_absence
from tests.messaging.office.test_enquiries import CANARY, answers_of, plain, submit_form
from tests.messaging.school_time import page_text
from tests.people import key, make_staff
from tests.sentences.messaging import (
    ABSENCE_TOO_FAR_AHEAD,
    BACK_BEFORE_FIRST_DAY,
    BODY_MISSING,
    CHILD_NOT_CHOSEN,
    CHOICE_MISSING,
    CHOOSE_CASEWORKER,
    COMPLAINT_STAGE,
    FIRST_DAY_MISSING,
    NO_FURTHER_COMPLAINT_STAGE,
    NO_SCHOOL_ON_DAY,
    REASON_NOT_CHOSEN,
)
from tests.sentences.portal import THERE_IS_A_PROBLEM
from tests.sentences.reading import says


def checked(people, topic="lost", **more):
    """Return the page 'Check your answers'; nothing is submitted yet."""
    answers = {"child": people.mali.pk, "body": CANARY, "phone": "07700 900142", "key": key()}
    answers |= answers_of(topic) | more
    return answers, people.client(people.nia).post(f"/write/{topic}/", answers)


# -- check your answers
@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("topic", [topic for topic in Topic.values if topic != Topic.ABSENCE])
def test_nothing_is_submitted_before_the_check(people, topic):
    _answers, page = checked(people, topic)
    said = page.content.decode()
    assert page.status_code == 200 and "Check your answers" in said and CANARY in said
    assert not Enquiry.objects.exists() and not Notification.objects.exists()


@pytest.mark.policy("PA-13")
def test_an_absence_is_confirmed_with_its_day_and_children(people):
    answers = absence_answers(people, note="Since Sunday", confirm=None)
    said = people.client(people.nia).post("/write/absence/", answers).content.decode()
    assert "Tuesday 10 November" in said and "Mali" in said and "Temperature or cold" in said
    assert not Absence.objects.exists()


def sent_on(page) -> dict[str, list[str]]:
    """Return what the page's own form would send, like a browser."""
    form = re.search(r'<form class="stack" method="post".*?</form>', page.content.decode(), re.S)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form[0]):
        name, value = re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        found.setdefault(name, []).append(value[1] if value else "")
    return found


@pytest.mark.parametrize("topic", [topic for topic in Topic.values if topic != Topic.ABSENCE])
def test_the_checked_page_sends_on_what_was_filled_in(people, topic):
    _answers, page = checked(people, topic)
    reply = people.client(people.nia).post(f"/write/{topic}/", sent_on(page) | {"confirm": "1"})
    assert reply.status_code == 302 and CANARY in Enquiry.objects.get().body


def test_the_checked_page_sends_on_every_child_of_an_absence(people):
    sioned = people.client(people.sioned)
    answers = absence_answers(people, children=[people.efa.pk, people.tomos.pk], confirm=None)
    page = sioned.post("/write/absence/", answers)
    assert sioned.post("/write/absence/", sent_on(page) | {"confirm": "1"}).status_code == 302
    assert Enquiry.objects.get().pupils.count() == 2


def test_to_change_an_answer_keeps_all_the_others(people):
    _answers, page = checked(people, colour="teal", last_seen="The hall", name_in_it="yes")
    back = people.client(people.nia).post("/write/lost/", sent_on(page) | {"change": "1"})
    said = back.content.decode()
    assert back.status_code == 200 and THERE_IS_A_PROBLEM not in said
    assert 'value="teal"' in said and 'value="The hall"' in said and CANARY in said
    assert re.search(r'value="yes"[^>]*checked', said)
    assert not Enquiry.objects.exists()


def test_a_repeated_request_submits_once(people):
    answers, _page = checked(people)
    nia = people.client(people.nia)
    first, second = (nia.post("/write/lost/", answers | {"confirm": "1"}) for _attempt in range(2))
    assert first.url == second.url and Enquiry.objects.count() == 1


def test_a_wrong_answer_is_never_submitted(people):
    answers, _page = checked(people)
    reply = people.client(people.nia).post("/write/lost/", answers | {"item": "", "confirm": "1"})
    assert reply.status_code == 422 and not Enquiry.objects.exists()


# -- still off
def offered(people, who=None) -> list[str]:
    return re.findall(r"/write/still-off/(\w+)/", page_text(people.client(who or people.nia), "/write/"))


def sheet_of(people) -> str:
    page = page_text(people.client(people.office), "/office/")
    return page[page.index('id="sheet"') : page.index("<footer")]


def off_on(people, clock, day="2026-11-10", **more) -> Enquiry:
    clock.set(f"{day} 07:15")
    submit_absence(people, first=day, **more)
    return Enquiry.objects.latest("turn")


@pytest.mark.policy("PA-13")
def test_still_off_repeats_an_absence_with_one_tap(people, clock):
    before = off_on(people, clock, symptom="rash", back="date", back_date="2026-11-11")
    assert offered(people) == []
    clock.set("2026-11-11 07:20")
    assert "Mali" not in sheet_of(people)
    nia = people.client(people.nia)
    assert offered(people) == [plain(before)]
    first, second = (nia.post(f"/write/still-off/{plain(before)}/") for _attempt in range(2))
    assert Absence.objects.count() == 2 and "/write/done/" in first.url == second.url
    assert "Mali Bowen" in sheet_of(people) and "Rash" in sheet_of(people)
    assert offered(people) == []


def test_still_off_is_offered_for_a_week_and_no_longer(people, clock):
    off_on(people, clock, back="date", back_date="2026-11-11")
    clock.set("2026-11-18 07:20")
    assert len(offered(people)) == 1
    clock.set("2026-11-19 07:20")
    assert offered(people) == []


def test_still_off_is_the_tellers_alone(people, clock):
    before = off_on(people, clock, back="date", back_date="2026-11-11")
    clock.set("2026-11-11 07:20")
    assert offered(people) != [] and offered(people, people.gareth) == [] == offered(people, people.dylan)
    for who in (people.gareth, people.dylan, people.celyn, people.office):
        assert people.client(who).post(f"/write/still-off/{plain(before)}/").status_code == 404
    assert Absence.objects.count() == 1


def test_still_off_is_for_absences_and_needs_a_post(people, clock):
    lost = submit_form(people)
    nia = people.client(people.nia)
    assert nia.get(f"/write/still-off/{plain(lost)}/").status_code == 405
    assert nia.post(f"/write/still-off/{plain(lost)}/").url == "/write/absence/"
    assert Enquiry.objects.count() == 1


# -- the family writes again
def test_a_familys_entry_reopens_its_enquiry(people, clock):
    enquiry, used = submit_form(people), key()
    close_enquiry(enquiry, by=people.actor(people.office), at=at("2026-11-10 10:00"))
    for _attempt in range(2):
        sent = people.client(people.nia).post(
            f"/write/done/{plain(enquiry)}/", {"body": "Again!", "key": used}
        )
    enquiry.refresh_from_db()
    assert sent.status_code == 302 and enquiry.state == EnquiryState.NEW and enquiry.closed_at is None
    assert "Again!" in page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    assert Entry.objects.count() == 1


def test_nobody_else_writes_under_an_enquiry(people):
    enquiry = submit_form(people)
    for who in (people.gareth, people.dylan, people.celyn, people.office, people.mali):
        sent = people.client(who).post(f"/write/done/{plain(enquiry)}/", {"body": "Mine!", "key": key()})
        assert sent.status_code == 404
    assert not Entry.objects.exists()


def test_a_note_for_staff_is_on_no_page_of_the_family(people, clock):
    enquiry, office = submit_form(people), people.actor(people.office)
    note_on_enquiry(enquiry, body="Telephoned twice.", by=office, at=at("2026-11-10 10:00"), key=key())
    answer_enquiry(enquiry, body="It is here.", by=office, at=at("2026-11-10 10:00"), key=key())
    page = page_text(people.client(people.nia), f"/write/done/{plain(enquiry)}/")
    assert "It is here." in page and "Telephoned" not in page


# -- the office's page
def post(people, path: str, who=None, **answers):
    return people.client(who or people.office).post(path, answers, follow=True)


def test_the_office_answers_notes_and_opens_again_by_pages(people):
    enquiry = submit_form(people)
    page = f"/office/{enquiry.pk}/"
    assert (
        "It hangs here" in post(people, page, kind="answer", body="It hangs here", key=key()).content.decode()
    )
    assert "Ask Jo" in post(people, page, kind="note", body="Ask Jo", key=key()).content.decode()
    assert set(Entry.objects.values_list("kind", flat=True)) == {EntryKind.ANSWER, EntryKind.NOTE}
    post(people, f"{page}done/")
    assert "Open again" in page_text(people.client(people.office), page)
    post(people, f"{page}reopen/")
    enquiry.refresh_from_db()
    assert enquiry.state == EnquiryState.TAKEN


@pytest.mark.parametrize(
    "answer", [{"kind": "answer", "body": ""}, {"body": "x"}, {"kind": "answer", "body": "x" * 5001}]
)
def test_an_answer_that_is_none_keeps_the_page_with_a_sentence(people, answer):
    enquiry = submit_form(people)
    reply = people.client(people.office).post(f"/office/{enquiry.pk}/", answer | {"key": key()})
    assert reply.status_code == 422 and THERE_IS_A_PROBLEM in reply.content.decode()
    assert not Entry.objects.exists()


def test_an_enquiry_is_handed_to_staff_who_may_work_on_it(people):
    colleague = make_staff("Mr", "Elis", "Parry", personal=True, is_office=True)
    enquiry = submit_form(people)
    page = f"/office/{enquiry.pk}/hand-over/"
    for nobody in ("", "x", people.pritchard.pk, people.deputy.pk, 10**20):
        assert CHOOSE_CASEWORKER in post(people, page, to=nobody).content.decode()
    post(people, page, to=colleague.pk)
    enquiry.refresh_from_db()
    assert enquiry.taken_by == colleague
    assert CANARY in page_text(people.client(colleague), "/office/?whose=mine")
    assert CANARY not in page_text(people.client(people.office), "/office/?whose=mine")
    assert CANARY not in page_text(people.client(people.office), "/office/?whose=free")


def test_a_complaints_stages_are_led_on_its_page_until_the_last(people):
    enquiry = submit_form(people, "complaint")
    for number in (2, 2, 3, 3, "x", ""):
        post(people, f"/office/{enquiry.pk}/stage/", who=people.deputy, number=number)
    assert Stage.objects.filter(enquiry=enquiry).count() == 3
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    assert 'name="number"' not in page
    page = post(people, f"/office/{enquiry.pk}/stage/", number=4).content.decode()
    assert NO_FURTHER_COMPLAINT_STAGE in page and "Stage 3" in page
    family = page_text(people.client(people.nia), f"/write/done/{plain(enquiry)}/")
    assert says(family, COMPLAINT_STAGE, number=3)


def test_a_standard_reply_is_inserted_in_the_familys_language(people):
    made = {
        "title_en": "Lost",
        "title_cy": "Ar goll",
        "body_en": "At reception.",
        "body_cy": "Yn y dderbynfa.",
    }
    answer = people.client(people.deputy).post(
        "/admin/messaging/standardreply/add/", made | {"for_office": "on", "order": "1"}
    )
    assert answer.status_code == 302
    reply, enquiry = StandardReply.objects.get(title_en="Lost"), submit_form(people)
    people.nia.language = "cy"
    people.nia.save()
    put = post(
        people, f"/office/{enquiry.pk}/", put="1", reply=reply.pk, kind="answer", body="Hi.", key=key()
    )
    assert "Yn y dderbynfa." in put.content.decode() and "Hi." in put.content.decode()
    assert put.status_code == 200 and not Entry.objects.exists()
    page = page_text(people.client(people.celyn), f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/")
    assert "Yn y dderbynfa." not in page and "At reception." not in page
    clear_school_lists_cache()


# -- a call
def call(people, contact=None, **changed):
    contact = contact or Contact.objects.get(user=people.nia)
    data = {"topic": "absence", "children": [people.mali.pk], "first_day": "2026-11-10", "reason": "ill"}
    data |= {"part": "whole", "symptom": "rash", "body": "", "key": key()} | changed
    return people.client(people.office).post(f"/office/call/{contact.pk}/", data)


def test_a_call_is_found_by_the_childs_name_and_written_down(people, clock):
    clock.set("2026-11-10 08:40")
    assert "Nia Bowen" in page_text(people.client(people.office), "/office/call/?child=mali")
    assert call(people).status_code == 302
    assert "Mali Bowen" in page_text(people.client(people.office), "/office/")
    assert "told by telephone" in page_text(
        people.client(people.office), f"/office/{Enquiry.objects.get().pk}/"
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": ""}, REASON_NOT_CHOSEN),
        ({"first_day": ""}, FIRST_DAY_MISSING),
        ({"first_day": "2026-11-15"}, NO_SCHOOL_ON_DAY % {"day": "Sunday 15 November"}),
        ({"first_day": "2036-11-10"}, ABSENCE_TOO_FAR_AHEAD),
        ({"back_on": "2026-11-09"}, BACK_BEFORE_FIRST_DAY),
        ({"children": []}, CHILD_NOT_CHOSEN),
        ({"topic": "lost"}, BODY_MISSING),
        ({"topic": "gossip"}, CHOICE_MISSING),
    ],
)
def test_a_call_that_cannot_be_gets_a_sentence(people, changed, sentence):
    reply = call(people, **changed)
    assert reply.status_code == 422 and sentence in reply.content.decode()
    assert not Enquiry.objects.exists()


def test_a_call_is_about_that_adults_own_children(people):
    assert call(people, children=[people.rhys.pk]).status_code == 422
    page = page_text(people.client(people.office), f"/office/call/{Contact.objects.get(user=people.nia).pk}/")
    assert "Mali" in page and "Rhys" not in page and not Enquiry.objects.exists()


# -- absent today
REASONS = ("Rash", "rash", "Ill", "Temperature", "sickness")


@pytest.mark.policy("PA-7")
def test_the_class_reads_who_is_absent_today_and_nothing_of_why(people, clock):
    clock.set("2026-11-10 08:45")
    submit_absence(people, symptom="rash", note="A private illness", phone="07700 900777")
    celyn = people.client(people.celyn)
    page = page_text(celyn, "/absent-today/")
    main = page[page.index("<main") : page.index("</main")]
    assert "Mali" in main
    for secret in (*REASONS, "private", "900777", Enquiry.objects.get().reference):
        assert secret not in main, secret
    assert "Mali" not in page_text(people.client(people.derwen, people.howells), "/absent-today/")
    for who in (people.nia, people.office, people.head, people.mali):
        assert people.client(who).get("/absent-today/").status_code == 404


def test_a_sister_in_another_class_is_not_on_this_classs_list(people, clock):
    clock.set("2026-11-10 08:45")
    submit_absence(people, people.client(people.sioned), children=[people.efa.pk, people.tomos.pk])
    celyn, derwen = people.client(people.celyn), people.client(people.derwen, people.howells)
    assert "Efa" in page_text(celyn, "/absent-today/") and "Tomos" not in page_text(celyn, "/absent-today/")
    assert "Tomos" in page_text(derwen, "/absent-today/") and "Efa" not in page_text(derwen, "/absent-today/")


@pytest.mark.policy("PA-7")
def test_a_class_never_learns_the_reason_of_an_absence(people, clock):
    clock.set("2026-11-10 08:45")
    submit_absence(people, symptom="rash", note=CANARY)
    celyn, enquiry = people.client(people.celyn), Enquiry.objects.get()
    for path in (
        "/class/board/",
        "/messages/",
        "/messages/families/",
        "/news/",
        "/notices/",
        "/class/cards/",
    ):
        page = page_text(celyn, path)
        assert CANARY not in page and "Rash" not in page and enquiry.reference not in page, path
    for path in (f"/messages/?q={CANARY}", "/messages/?q=rash", f"/messages/?q={plain(enquiry)}"):
        assert CANARY not in page_text(celyn, path).replace(f'value="{CANARY}"', "")
    for notice in Notification.objects.filter(recipient=people.celyn.account):
        raise AssertionError(notice)


# -- the safeguarding lead
@pytest.fixture
def lead(people):
    return make_staff("Ms", "Mair", "Hughes", personal=True, is_safeguarding=True)


def test_the_safeguarding_lead_reads_only_the_absence_sheet(people, lead, clock):
    clock.set("2026-11-10 08:45")
    submit_absence(people, symptom="worried")
    lost, away = submit_form(people), Enquiry.objects.get(topic=Topic.ABSENCE)
    browser = people.client(lead)
    page = page_text(browser, "/office/")
    assert "Worried or anxious" in page and CANARY not in page and "Queue" not in page
    assert browser.get("/office/absences.csv").status_code == 200
    for path in (f"/office/{lost.pk}/", f"/office/{away.pk}/", "/office/figures/", "/office/call/"):
        assert browser.get(path).status_code == 404, path
    for path in (f"/office/{lost.pk}/take/", f"/office/{away.pk}/done/"):
        assert browser.post(path).status_code == 404, path
    assert people.client(people.deputy).get("/office/absences.csv").status_code == 404


def test_a_safeguarding_leader_lists_complaints_but_no_absences(people, clock):
    clock.set("2026-11-10 08:45")
    people.deputy.is_safeguarding = True
    people.deputy.save()
    submit_absence(people, symptom="worried", note="A private illness")
    submit_form(people, "complaint", "The gate is too narrow")
    page = page_text(people.client(people.deputy), "/office/")
    assert "Worried or anxious" in page and "too narrow" in page
    assert f"/office/{Enquiry.objects.get(topic='absence').pk}/" not in page


# -- the governor's page
def test_only_the_governor_works_on_a_complaint_about_the_head(people):
    prys = make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True)
    enquiry = submit_form(people, "complaint", CANARY, whom="head")
    lost = submit_form(people, "lost", "A hat")
    browser = people.client(prys)
    assert CANARY in page_text(browser, "/office/") and "A hat" not in page_text(browser, "/office/")
    assert browser.get(f"/office/{lost.pk}/").status_code == 404
    page = post(people, f"/office/{enquiry.pk}/", who=prys, kind="answer", body="I will see you.", key=key())
    assert "I will see you." in page.content.decode()
    for who in (people.head, people.deputy, people.office, people.celyn, people.gareth):
        browser = people.client(who)
        assert (
            CANARY not in page_text(browser, "/office/")
            and browser.get(f"/office/{enquiry.pk}/").status_code == 404
        )
    assert Complaint.objects.get(enquiry=enquiry).about == "head"


# -- figures
def test_figures_count_what_came_and_hide_what_is_the_governors(people):
    make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True)
    submit_form(people)
    submit_form(people, "complaint", whom="head")
    page = page_text(people.client(people.deputy), "/office/figures/")
    assert "Something lost" in page and "A complaint" not in page and CANARY not in page


def test_pages_of_the_office_take_the_same_queries_at_any_size(people, clock):
    clock.set("2026-11-10 08:45")
    nia, office = people.client(people.nia), people.client(people.office)
    celyn, counts = people.client(people.celyn), []
    for rows in (1, 2):
        for _row in range(rows):
            submit_absence(people, nia)
            submit_form(people, "complaint")
        enquiry = Enquiry.objects.first()
        for entry in range(rows):
            answer_enquiry(
                enquiry, body=f"{entry}", by=people.actor(people.office), at=at("2026-11-10 09:00"), key=key()
            )
        pages = [
            "/office/?whose=free",
            f"/office/{enquiry.pk}/",
            "/office/figures/",
            "/office/call/?child=bowen",
        ]
        counts.append([questions(office, path) for path in pages] + [questions(celyn, "/absent-today/")])
    assert counts[0] == counts[1] and max(counts[0]) <= 22, counts


def test_no_cell_of_the_sheet_begins_a_formula(people, clock):
    clock.set("2026-11-10 08:45")
    AbsenceCode.objects.filter(for_reason="ill").delete()
    AbsenceCode.objects.create(code="=A1", name_en="Ill", name_cy="Sâl", for_reason="ill")
    submit_absence(people, note="@SUM(1)", phone="+44 7700 900142")
    sheet = people.client(people.office).get("/office/absences.csv").content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(sheet)) for cell in line]
    assert "'=A1" in cells and "'@SUM(1)" in cells and "07700 900142" in cells
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
