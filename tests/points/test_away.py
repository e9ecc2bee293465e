"""Test that absent children get no class points and are not picked.

TE-1, PA-13.
"""

import re
from uuid import uuid4

import pytest

from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from points.models import Award
from points.services import EverybodyAway, award_points
from tests.clock import at
from tests.people import make_pupil
from tests.sentences.messaging import ONE_CHILD_AWAY
from tests.sentences.points import WHOLE_CLASS_AWAY
from tests.sentences.reading import says

BOARD, AWARD, PICK = "/class/board/", "/class/board/award/", "/class/board/pick/"
NOW = at("2026-11-10 10:00")


@pytest.fixture
def teacher(people, behaviours):
    return people.client(people.celyn, people.pritchard)


def is_away(*pupils, first_day="2026-11-10", back_on="2026-11-11") -> None:
    made = Enquiry.objects.create(
        reference=uuid4().hex[:7], topic="absence", parent_id=pupils[0].guardianships.first().contact.user_id,
        body="", key=uuid4(),
    )  # fmt: skip
    made.pupils.add(*pupils)
    Absence.objects.create(enquiry=made, first_day=first_day, back_on=back_on, reason="ill")


def page_text(response) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.text, flags=re.S).split())


def sent_from(sheet, behaviours, **more) -> dict:
    ids = re.findall(r'name="pupil" value="(\d+)"', sheet.text)
    everybody = re.findall(r'name="all" value="(1)"', sheet.text)
    return {"pupil": ids, "all": everybody, "behaviour": behaviours["Sharing"].pk, "key": str(uuid4())} | more


@pytest.mark.policy("TE-1")
def test_the_whole_class_leaves_out_who_is_away_and_says_so(people, teacher, behaviours):
    assert "away" not in page_text(teacher.get(AWARD, {"all": 1}))
    make_pupil("Leo", "Hughes", people.celyn)
    make_pupil("Leo", "Morgan", people.celyn).guardianships.create(
        contact=people.sioned.contact, parental_responsibility=True
    )
    is_away(people.celyn.pupils.get(legal_surname="Morgan"))
    is_away(people.mali)
    sheet = teacher.get(AWARD, {"all": 1, "view": "staff"})
    assert "A point for Efa, Leo H. and Zofia" in page_text(
        sheet
    ) and "Leo M. and Mali are away today." in page_text(sheet)
    teacher.post(AWARD, sent_from(sheet, behaviours))
    given = {award.pupil.legal_surname for award in Award.objects.select_related("pupil")}
    assert given == {"Hughes", "Price", "Nowak"}


def test_the_board_for_staff_says_who_is_away_under_its_own_names(people, teacher):
    make_pupil("Mali", "Morgan", people.celyn)
    is_away(people.mali)
    assert "Mali B. is away today." in page_text(teacher.get(BOARD, {"view": "staff"}))


@pytest.mark.policy("PA-13")
def test_the_whiteboard_names_nobody_who_is_away(people, teacher):
    is_away(people.mali)
    assert "away" in page_text(teacher.get(BOARD, {"view": "staff"}))
    assert "away" not in page_text(teacher.get(BOARD))
    for path in (f"{AWARD}?all=1", f"{BOARD}?sheet=1&all=1", PICK):
        sheet = teacher.get(path)
        text = sheet.text if "sheet=1" not in path else sheet.text.partition('id="sheet"')[2]
        said = page_text(sheet)
        assert says(said, ONE_CHILD_AWAY, number=1), path
        assert "Mali" not in re.sub("<[^>]+>", " ", text), path


@pytest.mark.policy("TE-1")
def test_a_child_reported_away_after_the_sheet_opened_gets_none(people, teacher, behaviours):
    sent = sent_from(teacher.get(AWARD, {"all": 1}), behaviours)
    is_away(people.mali)
    assert str(people.mali.pk) in sent["pupil"]
    teacher.post(AWARD, sent)
    assert {award.pupil for award in Award.objects.all()} == {people.efa, people.zofia}


def test_a_child_away_still_gets_a_point_by_name(people, teacher, behaviours):
    is_away(people.mali)
    sheet = teacher.get(AWARD, {"pupil": people.mali.pk})
    assert "away" not in page_text(sheet)
    teacher.post(AWARD, sent_from(sheet, behaviours))
    assert Award.objects.get().pupil == people.mali


def test_absent_children_are_not_picked(people, teacher):
    is_away(people.mali)
    for _turn in range(30):
        page = teacher.get(PICK, {"last": people.efa.pk, "view": "staff"})
        assert re.search(r'id="picked">([^<]+)<', page.text)[1] == "Zofia"
    assert "Mali is away today." in page_text(page)


def test_an_absence_of_other_days_or_classes_leaves_nobody_out(people, teacher):
    is_away(people.mali, first_day="2026-11-11", back_on="2026-11-12")
    is_away(people.efa, first_day="2026-11-09", back_on="2026-11-10")
    is_away(people.rhys)
    sheet = teacher.get(AWARD, {"all": 1})
    assert "A point for Efa, Mali and Zofia" in page_text(sheet) and "away" not in page_text(sheet)


def test_when_everybody_is_away_the_page_says_so(people, teacher, behaviours):
    for pupil in (people.mali, people.efa, people.zofia):
        is_away(pupil)
    for path in (f"{AWARD}?all=1", PICK):
        assert WHOLE_CLASS_AWAY in page_text(teacher.get(path, follow=True))
    with pytest.raises(EverybodyAway):
        award_points(
            pupils=[people.mali],
            behaviour=behaviours["Sharing"],
            by=people.actor(people.celyn),
            at=NOW,
            key=uuid4(),
            whole_class=True,
        )


def test_a_repeated_class_award_returns_the_first_result(people, teacher, behaviours):
    sent = sent_from(teacher.get(AWARD, {"all": 1}), behaviours)
    teacher.post(AWARD, sent)
    is_away(people.mali)
    teacher.post(AWARD, sent)
    assert Award.objects.count() == 3
