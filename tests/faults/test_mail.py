"""What may befall an e-mail between the outbox and its reader."""

import pytest

from tests.faults.rig import HEAVY
from tests.journeys.school import eventually

pytestmark = pytest.mark.faults


def outbox(rig) -> list[tuple]:
    return rig.sql("SELECT address, state, attempts, unsure FROM accounts_delivery ORDER BY address")


def die_at(rig, point: str) -> None:
    """A mail is on its way, and the whole worker dies at this point of it."""
    rig.write()
    rig.monday()
    rig.sweep("announce")
    rig.arm(point, "killall")
    rig.nudge("deliver")
    rig.portal.processes["worker"].wait(20)
    rig.start_up("worker")
    rig.sweep("deliver")  # the mail is under a lease


def test_F01_a_worker_killed_after_the_server_took_a_mail_sends_at_most_one_more(rig):
    die_at(rig, "mail.after_send")
    rig.crashes += 1
    assert sorted(state for _address, state, *_ in outbox(rig)) == ["sending", "sent"], rig.state_of_things()
    rig.monday(3)  # a lease has ended
    rig.sweep("deliver")
    ids = [mail.message_id for mail in rig.letterbox.mails]
    assert len(ids) == 3 and len(set(ids)) == 2
    assert sorted(row[1:] for row in outbox(rig)) == [("sent", 1, 0), ("sent", 2, 1)]


def test_F02_a_worker_killed_before_sending_sends_once_when_its_lease_ends(rig):
    die_at(rig, "mail.after_claim")
    assert len(rig.letterbox.mails) == 1
    rig.monday(3)  # a lease has ended
    rig.sweep("deliver")
    assert len(rig.letterbox.mails) == len({mail.message_id for mail in rig.letterbox.mails}) == 2


def test_F25_a_server_that_refuses_for_an_hour_is_asked_at_each_step_and_then_gets_everything(rig):
    rig.letterbox.refusals = {f"{mode[-3:]}@family.example": mode for mode in REFUSED}
    # On Friday: what is written on Monday would not be due yet when the loop sets the clock back to the opening.
    rig.mail_to(*rig.letterbox.refusals)
    # After 1, 2, 5 and 15 minutes; half a minute more, because a sweep on a busy machine takes seconds.
    for minute, tries in [
        (0, 1),
        (0.9, 1),
        (1.5, 2),
        (3.4, 2),
        (4, 3),
        (8.9, 3),
        (9.5, 4),
        (24.4, 4),
        (25, 5),
        (60, 5),
    ]:
        rig.monday(minute)
        rig.sweep("deliver")
        assert set(rig.letterbox.tries.values()) == {tries}, rig.state_of_things()
    rig.write("In the portal nobody notices.")
    assert "nobody notices" in rig.ask("celyn", f"/messages/{conversation(rig)}/").text
    rig.letterbox.refusals = {}
    rig.monday(86)
    rig.wait_for_all_notified()
    assert {state for _address, state, *_ in outbox(rig)} == {"sent"}


REFUSED = ("rcpt 450", "rcpt 550", "data 451", "data 554")


def conversation(rig) -> int:
    return rig.one("SELECT id FROM messaging_conversation LIMIT 1")


def test_F25_an_address_refused_for_good_fails_where_staff_see_it(rig):
    rig.monday()
    rig.letterbox.refusals = {"gone@family.example": "rcpt 550"}
    rig.mail_to("gone@family.example")
    rig.sql("UPDATE accounts_delivery SET attempts = 5")
    rig.sweep("deliver")
    page = rig.ask("head", "/admin/accounts/delivery/").text
    assert "gone@family.example" in page and "could not be sent" in page and "no such mailbox" in page


def test_F26_a_server_that_hangs_frees_the_worker_and_the_others_move_on(rig):
    rig.monday()
    rig.letterbox.hangs = {"slow@family.example"}
    rig.mail_to("slow@family.example")
    rig.mail_to("quick@family.example")
    before = rig.swept("deliver")
    rig.nudge("deliver")
    eventually(lambda: rig.letterbox.tries["slow@family.example"])
    assert rig.write().seconds < 2
    eventually(lambda: rig.letterbox.mails, 40)  # the other mail's server would hang for sixty
    rig.wait_for_sweep("deliver", before)
    assert outbox(rig) == [("quick@family.example", "sent", 1, 0), ("slow@family.example", "pending", 1, 1)]


def test_F26_one_that_says_nothing_at_all_is_left_in_time(rig):
    rig.monday()
    rig.letterbox.wire.mode = "silent"
    rig.mail_to("nia@family.example")
    rig.sweep("deliver")  # comes to its end, though nobody ever answers
    assert outbox(rig) == [("nia@family.example", "pending", 1, 0)]  # nothing was said: it has not gone


def test_F27_a_line_cut_after_the_final_dot_is_counted_as_one_that_may_have_gone(rig):
    rig.monday()
    rig.letterbox.wire.mode = "cut"
    rig.mail_to("nia@family.example")
    rig.sweep("deliver")
    rig.crashes += 1
    assert outbox(rig) == [("nia@family.example", "pending", 1, 1)]
    rig.letterbox.wire.mode = "pass"
    rig.monday(2)
    rig.sweep("deliver")
    assert [mail.message_id for mail in rig.letterbox.mails] == ["<nia@family.example>"] * 2


def test_F28_two_poisoned_mails_hold_up_none_of_the_others_and_stop(rig):
    others = 198 if HEAVY else 40
    rig.monday()
    rig.arm("mail.to.deadly@family.example", "segv!")
    rig.arm("mail.to.poison@family.example", "raise!")
    rig.mail_to(
        "deadly@family.example", "poison@family.example", *(f"{n}@family.example" for n in range(others))
    )
    for _turn in range(20):  # each sweep sends for ten seconds
        if len(rig.letterbox.mails) < others:
            rig.sweep("deliver")
    assert len(rig.letterbox.mails) == others
    for minute in (3, 6, 9, 12, 15, 30, 91):
        rig.monday(minute)
        rig.sweep("deliver")
    failed = rig.sql("SELECT address, attempts FROM accounts_delivery WHERE state = 'failed' ORDER BY 1")
    assert failed == [("deadly@family.example", 6), ("poison@family.example", 6)]
    assert rig.portal.processes["worker"].poll() is None and len(rig.letterbox.mails) == others
