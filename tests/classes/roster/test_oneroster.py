"""A OneRoster zip names people and classes, and decides nobody's access."""

import contextlib
import csv
import io
import time
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classes.enums import Relationship, Suggestion
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from classes.roster.files import zips
from classes.roster.layouts import oneroster
from classes.roster.layouts.table import RosterUnreadable
from classes.roster.plan import make_plan
from classes.roster.reading import read_table
from tests.people import make_pupil

from .pages import bring, confirm, look, take_in
from .sheet import ROW, TODAY, sheet

Rows = list[dict[str, str]]


def user(ref: str, role: str, given: str, family: str, **more: str) -> dict[str, str]:
    return {
        "sourcedId": ref, "status": "active", "enabledUser": "true", "orgSourcedIds": "o1", "role": role, "userIds": "",
        "givenName": given, "familyName": family, "identifier": "", "email": "", "sms": "", "phone": "",
        "agentSourcedIds": "", "grades": "", **more,
    }  # fmt: skip


def enrolled(ref: str, room: str, **more: str) -> dict[str, str]:
    return {"sourcedId": f"e-{ref}-{room}", "status": "", "classSourcedId": room, "userSourcedId": ref,
            "role": "student", "beginDate": "", "endDate": "", **more}  # fmt: skip


def version_1_1() -> dict[str, Rows]:
    """One school: two children, their mother named by one and naming the other, and a teacher."""
    return {
        "manifest.csv": [{"propertyName": "oneroster.version", "value": "1.1"},
                         {"propertyName": "file.users", "value": "bulk"}],
        "orgs.csv": [{"sourcedId": "o1", "name": "Malpas Court", "type": "school"}],
        "users.csv": [
            user("s1", "student", "Siân", "Probert", agentSourcedIds="g1,g2", grades="02", identifier="000201",
                 userIds="{SIMS:77},{UPN:J680229926001}"),
            user("s2", "student", "Noor", "Probert", grades="R"),
            user("g1", "parent", "Mali", "Probert", agentSourcedIds="s2", email="Mali@example.org", sms="07700900653"),
            user("g2", "guardian", "Leo", "Llŷr", phone="07700900891"),
            user("t1", "teacher", "Tegan", "Tatum"),
        ],
        "classes.csv": [{"sourcedId": "c1", "title": "Year 2 Bedwen", "classType": "homeroom", "schoolSourcedId": "o1",
                         "grades": "02"},
                        {"sourcedId": "c2", "title": "Maths", "classType": "scheduled", "schoolSourcedId": "o1",
                         "grades": "02"}],
        "enrollments.csv": [enrolled("s1", "c1"), enrolled("s1", "c2"), enrolled("s2", "c1"),
                            enrolled("t1", "c1", role="teacher")],
        "demographics.csv": [{"sourcedId": "s1", "birthDate": "2019-10-14"},
                             {"sourcedId": "s2", "birthDate": "2022-04-27"}],
    }  # fmt: skip


def version_1_2() -> dict[str, Rows]:
    """The same people as version 1.2 has them: roles in a file of their own."""
    files = version_1_1()
    files["roles.csv"] = [
        {"sourcedId": f"r-{row['sourcedId']}", "status": "", "userSourcedId": row["sourcedId"],
         "roleType": "primary", "role": row["role"], "beginDate": "", "endDate": "", "orgSourcedId": "o1"}
        for row in files["users.csv"]
    ]  # fmt: skip
    for row in files["users.csv"]:
        del row["role"], row["orgSourcedIds"]
        row["preferredGivenName"] = "Siâ" if row["sourcedId"] == "s1" else ""
    return files


def text_of(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def zipped(files: dict[str, Rows | bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name, rows in files.items():
            found.writestr(folder + name, rows if isinstance(rows, bytes) else text_of(rows))
    return out.getvalue()


def refused(files: dict[str, Rows | bytes], folder: str = "") -> str:
    with pytest.raises(RosterUnreadable) as error:
        read_table(zipped(files, folder), today=TODAY)
    return str(error.value.sentence)


def said(files: dict[str, Rows | bytes]) -> list[tuple[int, str]]:
    return [(remark.row, remark.code) for remark in read_table(zipped(files), today=TODAY).passed_over]


def changed(files: dict[str, Rows], name: str, ref: str, **values: str) -> dict[str, Rows]:
    for row in files[name]:
        if ref in (row.get("sourcedId"), row.get("propertyName")):
            row.update(values)
    return files


VERSIONS = pytest.mark.parametrize("version", [version_1_1, version_1_2])


# -- what comes in ---------------------------------------------------------------------------------------


@pytest.fixture
def office(people, clock):
    """The office of a school whose children have all left."""
    Pupil.objects.update(left_on="2026-09-01")
    return people.client(people.office)


@VERSIONS
@pytest.mark.django_db
@pytest.mark.policy("PA-2")
def test_people_come_in_and_nobody_gets_access(office, version):
    assert take_in(office, zipped(version())).status_code == 302
    sian, noor = Pupil.objects.here().order_by("school_ref")
    assert (sian.upn, sian.admission_number, sian.year, noor.year) == ("J680229926001", "000201", "2", "R")
    assert sian.classroom.name == noor.classroom.name == "Year 2 Bedwen"
    assert sian.preferred_forename == ("Siâ" if version is version_1_2 else "Siân")
    found = Guardianship.objects.filter(pupil__in=[sian, noor])
    assert {(str(one.contact), one.pupil_id) for one in found} == {
        ("Mali Probert", sian.pk), ("Leo Llŷr", sian.pk), ("Mali Probert", noor.pk),
    }  # fmt: skip
    facts = {(one.suggestion, one.parental_responsibility, one.relationship) for one in found}
    assert facts == {(Suggestion.CONTACT_ONLY, False, Relationship.OTHER)}
    assert not Invitation.objects.filter(guardianship__in=found).exists()
    mali = Contact.objects.get(forename="Mali", surname="Probert")
    assert (mali.email, mali.mobile) == ("mali@example.org", "07700900653")
    assert Contact.objects.get(forename="Leo", surname="Llŷr").mobile == "07700900891"


@VERSIONS
@pytest.mark.django_db
def test_a_second_time_nothing_is_new(office, version):
    take_in(office, zipped(version()))
    assert look(office, zipped(version())).context["plan"].changes_nothing


@pytest.mark.django_db
@pytest.mark.policy("PA-2")
def test_what_the_records_know_of_access_stays(office):
    files = version_1_1()
    take_in(office, sheet(ROW | {"Person ID": "s1", "Contact ID": "g1"}))
    plan = make_plan(read_table(zipped(files), today=TODAY), TODAY)
    assert not plan.guardianships.changed and plan.unsaid == ("parental_responsibility", "court_order")


def test_a_folder_of_its_own_and_a_mark_of_order_are_no_matter():
    files = version_1_1()
    marked = {name: b"\xef\xbb\xbf" + text_of(rows).encode() for name, rows in files.items()}
    table = read_table(zipped(marked, "export/"), today=TODAY)
    assert [row.cells["legal_forename"] for row in table.rows] == ["Siân", "Siân", "Noor"]


def test_rows_have_the_numbers_of_users_csv_and_adults_theirs():
    table = read_table(zipped(version_1_1()), today=TODAY)
    assert [row.number for row in table.rows] == [2, 2, 3]
    assert "4" in table.rows[0].titles["email"] and "5" in table.rows[1].titles["mobile"]


# -- who and what is passed over -------------------------------------------------------------------------


def test_who_is_to_be_deleted_is_passed_over_and_said():
    files = changed(version_1_1(), "users.csv", "s2", status="tobedeleted")
    table = read_table(zipped(files), today=TODAY)
    assert {row.cells["pupil_ref"] for row in table.rows} == {"s1"}
    assert said(files) == [(3, "to_be_deleted")]


def test_an_id_that_stands_twice_counts_once_and_is_said():
    files = version_1_1()
    files["users.csv"].append(user("s1", "student", "Somebody", "Else"))
    assert said(files) == [(7, "user_twice")]
    names = {row.cells["legal_forename"] for row in read_table(zipped(files), today=TODAY).rows}
    assert names == {"Siân", "Noor"}


def test_an_agent_who_is_no_guardian_is_no_contact():
    files = changed(version_1_1(), "users.csv", "s1", agentSourcedIds="g1,t1,nobody")
    assert said(files) == [(2, "agent_no_guardian"), (2, "agent_unknown")]


def test_another_school_year_s_class_does_not_count():
    files = version_1_1()
    files["classes.csv"].append({**files["classes.csv"][0], "sourcedId": "c3", "title": "Year 3 Celyn"})
    files["enrollments.csv"].append(enrolled("s1", "c3", beginDate="2027-09-01", endDate="2028-07-20"))
    rows = read_table(zipped(files), today=TODAY).rows
    assert {row.cells["classroom"] for row in rows} == {"Year 2 Bedwen"}
    later = read_table(zipped(files), today=date(2027, 9, 2)).rows
    assert (later[0].number, later[0].problem) == (2, "two_classes")


def test_a_child_in_no_class_is_a_fault_of_that_child():
    files = version_1_1()
    files["enrollments.csv"] = [row for row in files["enrollments.csv"] if row["userSourcedId"] != "s2"]
    assert [row.cells["classroom"] for row in read_table(zipped(files), today=TODAY).rows][-1] == ""


def test_the_surname_that_a_child_uses_is_read():
    files = version_1_2()
    for row in files["users.csv"]:
        row["preferredFamilyName"] = "Marsh" if row["sourcedId"] == "s2" else ""
    rows = {row.cells["pupil_ref"]: row.cells for row in read_table(zipped(files), today=TODAY).rows}
    assert rows["s2"]["preferred_surname"] == "Marsh" and rows["s1"]["preferred_surname"] == ""
    assert "preferred_surname" not in read_table(zipped(version_1_2()), today=TODAY).titles


# -- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["classes.csv", "enrollments.csv"])
def test_a_missing_file_is_named(name):
    files = version_1_1()
    del files[name]
    assert name in refused(files)


def without_birthdays(files: dict) -> bytes:
    return zipped({name: rows for name, rows in files.items() if name != "demographics.csv"})


def test_without_demographics_the_rows_have_no_birthday():
    table = read_table(without_birthdays(version_1_1()), today=TODAY)
    assert "date_of_birth" not in table.titles and [r.code for r in table.passed_over] == ["no_birthdays"]


@pytest.mark.django_db
def test_without_demographics_known_children_keep_their_birthday(office):
    take_in(office, zipped(version_1_1()))
    born = dict(Pupil.objects.values_list("school_ref", "date_of_birth"))
    files = version_1_1()
    next(row for row in files["users.csv"] if row["sourcedId"] == "s1")["givenName"] = "Siani"
    page = look(office, without_birthdays(files))
    assert not page.context["plan"].roster.refused
    assert confirm(office, page).status_code == 302
    assert dict(Pupil.objects.values_list("school_ref", "date_of_birth")) == born
    assert Pupil.objects.get(school_ref="s1").legal_forename == "Siani"


@pytest.mark.django_db
@pytest.mark.policy("PA-1")
def test_without_demographics_a_new_child_is_left_out_with_a_word(office):
    page = look(office, without_birthdays(version_1_1()))
    plan = page.context["plan"]
    assert {remark.code for remark in plan.roster.refused} == {"new_without_birthday"} and not plan.new_pupils
    assert "demographics.csv" in page.content.decode()


@pytest.mark.django_db
def test_without_demographics_a_new_id_is_known_by_the_upn_alone(people, clock):
    files, upn = version_1_1(), "J680229926001"
    make_pupil("Siân", "Probert", people.celyn, school_ref="old", upn=upn)
    for user in files["users.csv"]:
        user["userIds"] = f"{{UPN:{upn}}}" if user["sourcedId"] == "s1" else ""
    plan = make_plan(read_table(without_birthdays(files), today=TODAY), TODAY)
    assert [each.what.school_ref for each in plan.renumbered if each.ref.startswith("s")] == ["old"]


def test_a_missing_column_is_named():
    files = version_1_1()
    files["demographics.csv"] = [{"sourcedId": "s1"}]
    assert "birthDate" in refused(files)


def test_changes_alone_are_refused():
    assert "delta" in refused(changed(version_1_1(), "manifest.csv", "file.users", value="delta"))


def test_several_schools_are_refused_by_name():
    files = version_1_1()
    files["orgs.csv"].append({"sourcedId": "o2", "name": "Ysgol Arall", "type": "school"})
    files["classes.csv"].append({**files["classes.csv"][0], "sourcedId": "c9", "schoolSourcedId": "o2"})
    files["enrollments.csv"] = [enrolled("s1", "c1"), enrolled("s2", "c9")]
    assert "Ysgol Arall" in refused(files)


def test_nobody_s_role_and_no_children_are_refused():
    files = version_1_2()
    del files["roles.csv"]
    assert refused(files)
    assert refused(changed(version_1_1(), "users.csv", "s1", role="parent") | {"enrollments.csv": []} | {
        "users.csv": [user("g1", "parent", "Mali", "Probert")], "enrollments.csv": [enrolled("x", "c1")]
    })  # fmt: skip


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch):
    bomb = version_1_1() | {"orgs.csv": b"0" * 2_000_000}
    monkeypatch.setattr(zips, "MOST_BYTES", 1_000_000)
    assert refused(bomb)


def test_a_size_that_the_zip_lies_about_is_not_believed(monkeypatch):
    data = bytearray(zipped({"users.csv": b"0" * 2_000_000}))
    real, claimed = (2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert data.count(real) >= 1
    monkeypatch.setattr(zips, "MOST_BYTES", 1_000_000)
    with pytest.raises(zips.ZipRefused):
        zips.read_files(bytes(data).replace(real, claimed), ("users.csv",))


@pytest.mark.parametrize("folder", ["../", "/", "a/b/"])
def test_odd_folders_are_refused(folder):
    assert refused(version_1_1(), folder)


def test_many_files_and_a_name_that_stands_twice_are_refused():
    assert refused(version_1_1() | {f"f{n}.csv": b"x" for n in range(zips.MOST_FILES)})
    twice = version_1_1() | {"old/users.csv": b"sourcedId\r\n"}
    assert refused(twice)


def test_letters_that_nobody_can_read_are_refused():
    assert "users.csv" in refused(
        version_1_1() | {"users.csv": b"sourcedId,givenName\r\ns1,Mu\x96\x85oz\r\n"}
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_zip_is_read_or_refused(data):
    whole = zipped(version_1_1())
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    with contextlib.suppress(RosterUnreadable):
        read_table(whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:], today=TODAY)


@pytest.mark.django_db
def test_the_page_says_why_a_zip_is_refused(office):
    files = version_1_1()
    del files["enrollments.csv"]
    answer = bring(office, zipped(files), "oneroster.zip")
    assert answer.status_code == 422 and "enrollments.csv" in answer.content.decode()


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_in_another_way_is_refused(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as found:
        found.writestr("users.csv", text_of(version_1_1()["users.csv"]))
    with pytest.raises(RosterUnreadable):
        read_table(out.getvalue(), today=TODAY)


def test_millions_of_agents_in_a_small_zip_are_refused(monkeypatch):
    monkeypatch.setattr(oneroster, "MOST_ROWS", 50)
    files = changed(version_1_1(), "users.csv", "s1", agentSourcedIds=",".join(f"a{n}" for n in range(60)))
    assert refused(files)


def test_a_number_that_never_ends_costs_no_time():
    begun = time.process_time()
    read_table(
        zipped(changed(version_1_1(), "users.csv", "s1", userIds="{UPN:" + " " * 60_000 + "{")), today=TODAY
    )
    assert time.process_time() - begun < 2
