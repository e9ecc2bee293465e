from hypothesis import given, settings
from hypothesis import strategies as st

from classes.roster.layouts.table import RosterUnreadable
from classes.roster.merging import Known, merge
from classes.roster.reading import read_table
from classes.roster.rows import check_row

from .sheet import FATHER, ROW, SECOND_CHILD, TODAY, sheet

HEADER = ",".join(ROW).encode() + b"\r\n"


def take(data: bytes) -> None:
    """Import any bytes: remarks are sentences, or RosterUnreadable."""
    try:
        table = read_table(data)
    except RosterUnreadable:
        return
    roster = merge([check_row(row, table.titles, TODAY) for row in table.rows], Known())
    assert all(str(remark) for remark in [*roster.refused, *roster.notes])


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    take(data)
    take(HEADER + data)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text):
    take(HEADER + text.encode("utf-8", errors="replace"))


TRICKY = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[-=+@0-9/. ?<>;@a-z]{0,14}"),
    st.sampled_from(
        ["", "0", "١٢/٠١/٢٠١٩", "²", "00/00/0000", "29/02/0000", "T", "?" * 61, "é" * 60, "ﷺ" * 60]
    ),
)


@given(st.lists(st.dictionaries(st.sampled_from(list(ROW)), TRICKY, max_size=6), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_cells_are_read_or_refused(changes):
    bases = (ROW, ROW | FATHER, ROW | SECOND_CHILD)
    rows = [
        bases[n % 3] | {name: v.replace("\x00", "") for name, v in each.items()}
        for n, each in enumerate(changes)
    ]
    take(sheet(*rows))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_export_is_read_or_refused(data):
    whole = sheet(ROW, ROW | FATHER, ROW | SECOND_CHILD)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    take(whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:])
