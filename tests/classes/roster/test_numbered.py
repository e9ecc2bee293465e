"""One row for each child, with the adults in columns of their own."""

import csv
import io

import pytest

from classes.enums import Suggestion
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.roster.layouts.numbered import adult_columns
from classes.roster.layouts.table import ColumnsMissing, RosterUnreadable
from classes.roster.pages.overview import overview
from classes.roster.plan import make_plan
from classes.roster.reading import read_table

from .pages import look, take_in
from .sheet import ROW, TODAY, checked, faults, merged, notes, sheet

CHILD = {
    "Pupil ID": "2001",
    "Forename": "Siân",
    "Surname": "Probert",
    "Date of Birth": "14/10/2019",
    "Class": "Year 2 Bedwen",
    "Year": "2",
}
SIBLING = {**CHILD, "Pupil ID": "2002", "Forename": "Noor", "Date of Birth": "27/04/2020"}
MALI = {
    "Parent 1 Forename": "Mali",
    "Parent 1 Surname": "Probert",
    "Parent 1 Email": "mali@example.org",
    "Parent 1 Mobile": "07700900653",
}
LEO = {
    "Parent 2 Forename": "Leo",
    "Parent 2 Surname": "Llŷr",
    "Parent 2 Email": "leo@example.org",
    "Parent 2 Mobile": "07700900891",
}
FACTS = {f"Parent {n} {name}": said for n in (1, 2) for name, said in (("PR", "T"), ("Court Order", "F"))}


def family(child=CHILD, **changes: str) -> dict[str, str]:
    return {
        **child,
        **MALI,
        **LEO,
        **FACTS,
        **{name.replace("_", " "): said for name, said in changes.items()},
    }


def lines(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def adults_of(header: list[str], cells: list[str]) -> list[tuple[str, str, str, str]]:
    """Return (forename, surname, e-mail, relationship) of each adult under these headings."""
    child = list(CHILD)
    rows = checked(lines(child + header, list(CHILD.values()) + cells))
    assert not any(remark.is_fault for row in rows for remark in row.remarks)
    return [
        (
            row.contact.forename,
            row.contact.surname,
            row.contact.email or "",
            row.guardianship.relationship or "",
        )
        for row in rows
        if row.contact and row.guardianship
    ]


# -- headings --------------------------------------------------------------------------------------------

TWO = ["Mali", "Probert", "mali@example.org", "Leo", "Llŷr", "leo@example.org"]
HEADINGS = [
    "Parent {} Forename|Parent {} Surname|Parent {} Email",
    "Contact {} First Name|Contact {} Last Name|Contact {} E-mail Address",
    "P{} Forename|P{} Surname|P{} Email",
    "Parent/Carer {} Forename|Parent/Carer {} Surname|Parent/Carer {} Email",
    "Contact Forename {}|Contact Surname {}|Contact Email {}",
    "Guardian{}FirstName|Guardian{}LastName|Guardian{}Email",
    "Priority {} Contact Forename|Priority {} Contact Surname|Priority {} Contact Email",
    "Rhiant {} Enw Cyntaf|Rhiant {} Cyfenw|Rhiant {} E-bost",
    "Enw Cyntaf Rhiant {}|Cyfenw Rhiant {}|E-bost Rhiant {}",
    "Cyswllt {} - Enw Cyntaf|Cyswllt {} - Cyfenw|Cyswllt {} - Cyfeiriad E-bost",
]


@pytest.mark.parametrize("pattern", HEADINGS)
def test_adults_are_found_under_the_headings_that_schools_use(pattern):
    header = [title.format(n) for n in (1, 2) for title in pattern.split("|")]
    assert adults_of(header, TWO) == [
        ("Mali", "Probert", "mali@example.org", ""),
        ("Leo", "Llŷr", "leo@example.org", ""),
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "Mother's Forename|Mother's Surname|Mother's Email|Father's Forename|Father's Surname|Father's Email",
        "Mum First Name|Mum Last Name|Mum Email|Dad First Name|Dad Last Name|Dad Email",
        "Enw Cyntaf y Fam|Cyfenw y Fam|E-bost y Fam|Enw Cyntaf y Tad|Cyfenw y Tad|E-bost y Tad",
    ],
)
def test_mother_and_father_are_known_by_the_heading(pattern):
    assert [adult[3] for adult in adults_of(pattern.split("|"), TWO)] == ["mother", "father"]


def test_the_first_adult_may_have_no_number():
    header = ["Guardian First Name", "Guardian Last Name", "Guardian Email",
              "Guardian 2 First Name", "Guardian 2 Last Name", "Guardian 2 Email"]  # fmt: skip
    assert [adult[0] for adult in adults_of(header, TWO)] == ["Mali", "Leo"]


@pytest.mark.parametrize("name", ["Mali Probert", "Mrs Mali Probert", "Probert, Mali"])
def test_a_name_in_one_cell_is_split_and_said(name):
    [adult] = adults_of(["Parent 1 Name", "Parent 1 Email"], [name, "mali@example.org"])
    assert adult[:2] == ("Mali", "Probert")
    data = lines([*CHILD, "Parent 1 Name"], [*CHILD.values(), name])
    assert (2, "name_split") in notes(data)


@pytest.mark.parametrize(
    "title",
    ["Mother's Maiden Name", "Emergency Contact 1 Name", "Parent Evening 1", "P6 Teacher", "Contact 1 Notes"],
)
def test_other_headings_name_no_adult(title):
    assert adult_columns([*CHILD, title]) == []


def test_a_file_with_a_row_for_each_pair_stays_one():
    table = read_table(sheet({**ROW, "Contact 2 Forename": "Leo"}))
    assert len(table.rows) == 1 and table.unread == ["Contact 2 Forename"]


def test_what_somebody_said_of_a_column_comes_first():
    table = read_table(sheet(family()), {"parent2forename": ""})
    assert "Parent 2 Forename" in table.unread
    assert [row.cells["contact_surname"] for row in table.rows] == ["Probert", "Llŷr"]


def test_the_child_s_own_columns_are_still_needed():
    with pytest.raises(ColumnsMissing) as missing:
        read_table(sheet(family(), without=("Date of Birth",)))
    assert "Date of Birth" in str(missing.value.sentence)


def test_a_heading_that_stands_twice_is_refused():
    header = [*CHILD, "Parent 1 Name", "Parent 1 Name"]
    with pytest.raises(RosterUnreadable):
        read_table(lines(header, [*CHILD.values(), "Mali Probert", "Leo Llŷr"]))


# -- rows ------------------------------------------------------------------------------------------------


def test_rows_keep_the_numbers_of_the_file_and_the_columns_their_names():
    data = sheet(family(), family(SIBLING, Parent_2_Email="leo at home"))
    [remark] = [remark for remark in merged(data).notes if remark.code == "not_an_address"]
    assert remark.row == 3 and "Parent 2 Email" in str(remark)


def test_a_fault_of_the_child_is_said_once():
    assert faults(sheet(family(Date_of_Birth="soon"))) == [(2, "not_a_date")]


def test_a_fault_of_one_adult_costs_that_adult_alone():
    data = sheet(family(Parent_2_Court_Order="perhaps"))
    roster = merged(data)
    assert [(remark.row, remark.code) for remark in roster.refused] == [(2, "yes_no")]
    assert roster.pupils and [adult.forename for adult in roster.contacts.values()] == ["Mali"]


def test_a_child_with_nobody_beside_it_is_a_child():
    roster = merged(sheet(family(), {**SIBLING, **dict.fromkeys(MALI | LEO | FACTS, "")}))
    assert set(roster.pupils) == {"2001", "2002"} and not roster.refused


def test_a_court_order_that_stands_once_for_the_child_holds_everybody():
    data = sheet({**CHILD, **MALI, **LEO, "Court Order": "T", "Parent 1 PR": "T", "Parent 2 PR": "T"})
    rows = checked(data)
    assert [row.guardianship.suggestion for row in rows] == [Suggestion.HOLD, Suggestion.HOLD]
    assert read_table(data).unsaid == ()


@pytest.mark.policy("PA-2")
def test_responsibility_without_a_word_of_orders_suggests_no_invitation():
    rows = checked(sheet(family(), without=("Parent 1 Court Order", "Parent 2 Court Order")))
    assert [row.guardianship.suggestion for row in rows] == [Suggestion.CONTACT_ONLY] * 2
    assert all("suggestion" not in row.guardianship.values for row in rows)


# -- who they are ----------------------------------------------------------------------------------------


@pytest.fixture
def office(people, clock):
    """The office of a school whose children have all left."""
    Pupil.objects.update(left_on="2026-09-01")
    return people.client(people.office)


def taken(office, *rows):
    answer = take_in(office, sheet(*rows), missing="on")
    assert answer.status_code == 302, answer.content.decode()


def malis() -> list[Contact]:
    return list(Contact.objects.filter(forename="Mali", surname="Probert").order_by("pk"))


@pytest.mark.django_db
def test_both_parents_come_in_with_their_facts(office):
    taken(office, family())
    found = Guardianship.objects.filter(pupil__school_ref="2001").order_by("priority")
    assert [str(one.contact) for one in found] == ["Mali Probert", "Leo Llŷr"]
    assert [one.suggestion for one in found] == [Suggestion.INVITE, Suggestion.INVITE]


@pytest.mark.django_db
def test_the_mother_of_two_is_one_adult_and_stays_one(office):
    taken(office, family(), family(SIBLING))
    [mali] = malis()
    assert mali.guardianships.count() == 2
    again = look(office, sheet(family(SIBLING), family())).context["plan"]
    assert again.changes_nothing and not again.renumbered


@pytest.mark.django_db
def test_the_same_name_with_nothing_else_in_common_stays_two(office):
    other = {"Parent_1_Email": "mp@example.org", "Parent_1_Mobile": "07700900111"}
    page = look(office, sheet(family(), family(SIBLING, **other)))
    assert [remark.row for remark in page.context["plan"].roster.notes if remark.code == "adult_apart"] == [3]
    taken(office, family(), family(SIBLING, **other))
    assert len(malis()) == 2


@pytest.mark.django_db
def test_an_adult_whom_a_file_with_ids_brought_is_the_same(office):
    take_in(office, sheet(ROW))
    taken(office, family(Parent_1_Email="new@example.org"))
    [mali] = malis()
    assert (mali.school_ref, mali.email) == ("C1", "new@example.org")


@pytest.mark.django_db
def test_two_who_fit_are_never_guessed_between(office):
    take_in(office, sheet(ROW))
    child = Pupil.objects.get(school_ref="2001")
    twin = Contact.objects.create(school_ref="C9", forename="Mali", surname="Probert")
    Guardianship.objects.create(pupil=child, contact=twin)
    unsure = sheet(family(Parent_1_Email="", Parent_1_Mobile=""))
    plan = make_plan(read_table(unsure), TODAY)
    assert [(r.row, r.code) for r in plan.roster.refused] == [(2, "adult_unsure")]
    sure = make_plan(read_table(sheet(family())), TODAY)
    assert not sure.roster.refused and "C1" in sure.roster.contacts


@pytest.mark.django_db
@pytest.mark.policy("PA-2")
def test_a_file_silent_about_orders_changes_nobody_s_access(office):
    take_in(office, sheet(ROW))
    without = tuple(FACTS)
    silent = sheet(family(), without=without)
    plan = make_plan(read_table(silent), TODAY)
    assert not plan.guardianships.changed
    assert [found.suggestion for found in plan.new_guardianships.values()] == [Suggestion.CONTACT_ONLY]
    spoken = make_plan(read_table(sheet(family())), TODAY)
    first, other = (overview(each, read_table(silent))[0] for each in (plan, spoken))
    assert len(first.lines) == 2 and first.urgent and first.title != other.title
