"""Check what a spreadsheet is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from malpas.lib.csv_lines import neutral_cell, telephone_cell


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("07700900123", "07700 900123"),
        ("+447700900123", "07700 900123"),
        ("+44 (0)7700 900123", "07700 900123"),
        ("0044 7700 900123", "07700 900123"),
        ("01633 960123", "01633 960123"),
        ("(01633) 960-123", "01633 960123"),
        ("+353 86 123 4567", "00353 861234567"),
        ("+4400000", "00440 0000"),
        ("+4412345", "01234 5"),
        ("004400012", "00440 0012"),
        ("", ""),
        ("07700 900123 (Nan)", "07700 900123 (Nan)"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_telephone_number_keeps_its_zero_in_a_spreadsheet(number, cell):
    assert telephone_cell(number) == cell


@given(st.from_regex(r"(\+|00)?[0-9]{7,15}", fullmatch=True))
def test_no_telephone_number_is_a_number_or_a_formula_to_a_spreadsheet(number):
    cell = telephone_cell(number)
    assert " " in cell.strip() and neutral_cell(cell) == cell
