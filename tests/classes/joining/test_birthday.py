from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from classes.joining.birthday import BirthdayField, read_birthday

MAY_4 = date(2018, 5, 4)


class Born(forms.Form):
    born = BirthdayField()


def posted(day="", month="", year="", **more) -> Born:
    return Born({"born_day": day, "born_month": month, "born_year": year, **more})


@pytest.mark.parametrize(
    "typed",
    [
        ("4", "5", "2018"), ("04", "05", "2018"), (" 4 ", "May", "2018"), ("4", "mai", "2018"),
        ("4", "MAI", "2018"), ("４", "５", "２０１８"),
    ],
)  # fmt: skip
def test_three_boxes_take_what_people_type(typed):
    assert read_birthday(*typed) == MAY_4


@pytest.mark.parametrize(
    "pasted",
    [
        "04/05/2018", "4.5.2018", "4-5-2018", "4 5 2018", "04052018", "2018-05-04", "4 May 2018", "4th May 2018",
        "4 Mai 2018", "4ydd Mai 2018",
    ],
)  # fmt: skip
def test_a_date_pasted_into_the_first_box_is_read(pasted):
    assert read_birthday(pasted, "", "") == MAY_4


def test_a_whole_date_under_the_plain_name_counts():
    form = Born({"born": "2018-05-04"})
    assert form.is_valid() and form.cleaned_data["born"] == MAY_4


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (("", "5", "2018"), ["day_missing"]),
        (("4", "", "2018"), ["month_missing"]),
        (("4", "5", ""), ["year_missing"]),
        (("4", "", ""), ["month_missing", "year_missing"]),
        (("32", "5", "2018"), ["day_wrong"]),
        (("4", "18", "2018"), ["month_wrong"]),
        (("4", "ma", "2018"), ["month_wrong"]),
        (("4", "5", "18"), ["year_wrong"]),
        (("4", "5", "20180"), ["year_wrong"]),
        (("x", "y", "z"), ["day_wrong", "month_wrong", "year_wrong"]),
        (("31", "2", "2018"), ["no_such_day"]),
        (("9" * 5000, "5", "2018"), ["day_wrong"]),
        (("\x00", "5", "2018"), ["day_wrong"]),
        (("-4", "5", "2018"), ["day_wrong"]),
        (("²", "5", "2018"), []),
    ],
)
def test_each_thing_that_is_wrong_is_named(typed, problems):
    form = posted(*typed)
    assert [error.code for error in form.errors.as_data().get("born", [])] == problems


def test_nothing_typed_is_one_error_and_no_list():
    assert [error.code for error in posted().errors.as_data()["born"]] == ["required"]


def test_the_boxes_have_labels_and_the_browsers_names():
    with override("cy"):
        page = Born().as_p()
    for name in ("day", "month", "year"):
        assert (
            f'name="born_{name}"' in page and "bday" not in page
        )  # a browser would fill in the parent's own
    assert 'inputmode="numeric"' in page and "maxlength" not in page


def test_what_was_typed_stays_and_an_error_leads_to_the_first_box():
    form = posted("4", "18", "2018")
    page = form.render()
    assert 'value="18"' in page and 'aria-invalid="true"' in page
    first = form["born"].first_id
    assert page.index(f'id="{first}"') < page.index('name="born_month"')
