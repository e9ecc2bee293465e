"""Test reporting of items with a snapshot of their context.

Policy: TE-7, AU-7, AU-11.
"""

import pytest
from django.urls import reverse

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from malpas.lib.errors import RuleViolation
from messaging.models.conversations import Message
from moderation.models import Report
from tests.clock import at
from tests.moderation import scene
from tests.sentences.moderation import REPORT_IS_ON_THEIR_LIST, SAY_WHAT_IS_WRONG, THANKS_FOR_REPORT
from tests.triggers import without_triggers


def address(message: Message) -> str:
    return reverse("report_message", args=[message.pk])


def notified(kind: str = "report") -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient__name", flat=True))


@pytest.mark.policy("TE-7")
def test_a_report_by_the_class_notifies_senior_leaders(people):
    message = scene.say(people)
    answer = people.client(people.celyn).post(address(message), {"category": "rude", "note": "Again."})
    made = Report.objects.get()
    assert answer.url == reverse("report_thanks", args=[made.pk])
    assert (made.author, made.reporter_staff, made.note) == (people.nia, people.pritchard, "Again.")
    assert notified() == {"Mrs Vaughan", "Mr Rees"}
    assert AuditEntry.objects.filter(verb="report.made").count() == 1


@pytest.mark.policy("TE-7")
def test_a_report_has_the_message_and_its_context(people, clock):
    clock.set("2026-11-10 09:00")
    scene.say(people, body="Good morning.")
    clock.set("2026-11-10 09:05")
    message = scene.say(people)
    clock.set("2026-11-10 09:10")
    scene.say(people, body="I am sorry to read this.", staff=people.adeyemi)
    made = scene.report(people, message)
    with without_triggers():
        Message.objects.filter(pk=message.pk).update(body="You people are lovely.")
    conversation = Report.objects.get(pk=made.pk).snapshot["conversation"]
    assert conversation["child"] == "Mali Bowen"
    assert [(line["author"], line["body"], line["reported"]) for line in conversation["lines"]] == [
        ("Nia Bowen", "Good morning.", False),
        ("Nia Bowen", scene.RUDE, True),
        ("Celyn", "I am sorry to read this.", False),
    ]


def test_pending_messages_are_not_in_another_snapshot(people, clock):
    message = scene.say(people)
    clock.set("2026-11-10 20:00")
    scene.say(people, body="Not said yet.")
    clock.set("2026-11-10 20:01")
    lines = scene.report(people, message).snapshot["conversation"]["lines"]
    assert [line["body"] for line in lines] == [scene.RUDE]


def test_a_post_is_reported_by_a_parent_of_the_class(people):
    post = scene.post(people)
    page = reverse("report_post", args=[post.pk])
    assert people.client(people.nia).get(page).status_code == 200
    people.client(people.nia).post(page, {"category": "privacy"})
    made = Report.objects.get()
    assert made.snapshot["post"]["body"] == "We built it of boxes."
    assert made.author_staff == people.pritchard


def test_the_stranger_and_the_other_parent_get_404(people):
    message, post = scene.say(people), scene.post(people)
    pages = [address(message), reverse("report_post", args=[post.pk])]
    assert people.client(people.celyn).get(pages[0]).status_code == 200
    assert [people.client(people.dylan).get(page).status_code for page in pages] == [404, 404]
    assert people.client(people.gareth).get(pages[0]).status_code == 404
    assert people.client(people.dylan).post(pages[0], {"category": "rude"}).status_code == 404
    assert not Report.objects.exists()


def test_nobody_reports_their_own_item(people):
    message = scene.say(people)
    assert people.client(people.nia).get(address(message)).status_code == 404
    with pytest.raises(RuleViolation, match="your own"):
        scene.report(people, message, by=people.actor(people.nia))
    answer = scene.say(people, staff=people.adeyemi)
    assert people.client(people.celyn, people.adeyemi).get(address(answer)).status_code == 404


def test_a_colleagues_item_at_a_class_account_can_be_reported(people):
    answer = scene.say(people, staff=people.adeyemi)
    assert people.client(people.celyn, people.pritchard).get(address(answer)).status_code == 200


def test_the_same_person_reports_once(people):
    message = scene.say(people)
    browser = people.client(people.celyn)
    first, second = (browser.post(address(message), {"category": "rude"}) for _ in range(2))
    assert first.url == second.url
    assert Report.objects.count() == 1
    assert Notification.objects.filter(kind="report").count() == 2


def test_two_people_at_one_account_report_separately(people):
    message = scene.say(people)
    scene.report(people, message)
    scene.report(people, message, by=people.actor(people.celyn, people.adeyemi))
    assert Report.objects.count() == 2


@pytest.mark.policy("AU-7")
def test_a_repeated_report_of_risk_is_still_stored(people):
    message = scene.say(people)
    assert not scene.report(people, message).is_risk
    assert scene.report(people, message, category="risk").is_risk
    assert not scene.report(people, message, category="spam").is_about_staff
    assert Report.objects.count() == 2


@pytest.mark.policy("AU-7")
def test_a_child_at_risk_reaches_safeguarding_at_night_at_once(people, clock):
    StaffMember.objects.filter(pk=people.office.pk).update(is_safeguarding=True)
    message = scene.say(people)
    clock.set("2026-11-13 23:40")
    scene.report(people, message, category="risk")
    notices = Notification.objects.filter(kind="report")
    assert notified() == {"Mrs Vaughan", "Mr Rees", "Mrs Lewis"}
    assert {notice.release_at for notice in notices} == {at("2026-11-13 23:40")}
    assert Delivery.objects.due().count() == 3


@pytest.mark.policy("AU-7")
def test_other_reports_are_listed_at_once_and_notify_later(people, clock):
    message = scene.say(people)
    clock.set("2026-11-13 23:40")
    made = scene.report(people, message)
    assert {n.release_at for n in Notification.objects.all()} == {at("2026-11-16 08:30")}
    assert not Delivery.objects.due().exists()
    assert made in Report.objects.visible_to(people.actor(people.deputy))


@pytest.mark.policy("AU-11")
def test_a_report_about_staff_goes_to_the_head_teacher_alone(people):
    answer = scene.say(people, staff=people.adeyemi)
    made = scene.report(people, answer, by=people.actor(people.nia))
    assert notified() == {"Mrs Vaughan"}
    assert made in Report.objects.visible_to(people.actor(people.head))
    for who in (people.deputy, people.office, people.nia, people.celyn, people.mali):
        assert made not in Report.objects.visible_to(people.actor(who))


@pytest.mark.policy("AU-11")
def test_a_report_about_the_head_teacher_goes_to_the_deputy(people):
    made = scene.report(people, scene.post(people, people.head), by=people.actor(people.nia))
    assert notified() == {"Mr Rees"}
    assert made in Report.objects.visible_to(people.actor(people.deputy))
    assert made not in Report.objects.visible_to(people.actor(people.head))


def test_a25_a_leader_is_not_notified_of_a_report_about_them(people):
    made = scene.report(people, scene.say(people, parent=people.deputy.user))
    assert made.author_staff is None
    assert notified() == {"Mrs Vaughan"}
    assert made not in Report.objects.visible_to(people.actor(people.deputy))


def test_a_report_that_nobody_may_read_is_not_lost(people):
    StaffMember.objects.filter(pk=people.deputy.pk).update(is_slt=False)
    scene.report(people, scene.post(people, people.head), by=people.actor(people.nia))
    assert notified() == set()
    assert Delivery.objects.get().address == "concerns@school.example"


def test_mail_about_a_report_says_nothing_of_it(people):
    scene.report(people, note="Nia again")
    for mail in Delivery.objects.all():
        assert "useless" not in mail.body + mail.subject
        assert "Nia" not in mail.body + mail.subject


def test_a_safeguarding_lead_reads_only_reports_of_risk(people):
    lead = people.office
    StaffMember.objects.filter(pk=lead.pk).update(is_safeguarding=True)
    lead.refresh_from_db()
    risk, rude = (scene.report(people, scene.say(people), category=c) for c in ("risk", "rude"))
    browser = people.client(lead)
    page = browser.get(reverse("report_read", args=[risk.pk]))
    assert "You people are &lt;b&gt;useless&lt;/b&gt;." in page.text
    assert browser.get(reverse("report_read", args=[rude.pk])).status_code == 404
    assert people.client(people.dylan).get(reverse("report_read", args=[risk.pk])).status_code == 404
    assert AuditEntry.objects.filter(verb="report.opened", staff=lead).count() == 1


def test_the_eleventh_report_in_an_hour_is_refused_kindly(people, clock):
    for _ in range(10):
        scene.report(people)
    extra = scene.say(people)
    answer = people.client(people.celyn).post(address(extra), {"category": "rude", "note": "Eleven"})
    assert answer.status_code == 422
    assert "many reports" in answer.text and "Eleven" in answer.text
    assert scene.report(people, extra, category="risk").is_risk
    clock.set("2026-11-10 11:01")
    assert scene.report(people, extra).is_risk is not None
    assert (
        people.client(people.celyn).post(address(scene.say(people)), {"category": "rude"}).status_code == 302
    )


def test_a_report_of_something_else_asks_what(people):
    answer = people.client(people.celyn).post(address(scene.say(people)), {"category": "other"})
    assert answer.status_code == 422
    assert SAY_WHAT_IS_WRONG in answer.text


def test_the_thank_you_page_is_for_the_reporter_only(people, clock):
    message = scene.say(people)
    clock.set("2026-11-13 20:00")
    made = scene.report(people, message)
    page = reverse("report_thanks", args=[made.pk])
    text = people.client(people.celyn).get(page).text
    assert THANKS_FOR_REPORT in text
    assert REPORT_IS_ON_THEIR_LIST % {"when": "Monday 08:30"} in " ".join(text.split())
    assert people.client(people.nia).get(page).status_code == 404
    assert people.client(people.celyn, people.adeyemi).get(page).status_code == 404


def test_a_hidden_message_cannot_be_reported_again(people):
    message = scene.say(people)
    made = scene.report(people, message)
    scene.decide("hide", made, by=people.actor(people.deputy))
    assert people.client(people.celyn).get(address(message)).status_code == 404
