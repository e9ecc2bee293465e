import pytest
from hypothesis import given
from hypothesis import strategies as st

from classes.joining.codes import (
    ALPHABET,
    LENGTH,
    code_hash,
    grouped,
    new_code,
    new_token,
    normalise,
    token_hash,
)


@pytest.mark.policy("PA-1")
def test_a_code_has_eighty_bits_and_no_look_alikes():
    assert len(ALPHABET) ** LENGTH == 2**80
    assert not set(ALPHABET) & set("ILOU")
    codes = {new_code() for _try in range(200)}
    assert len(codes) == 200
    assert all(normalise(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM 4XRD P9TW 20V1",
        "k7qm4xrdp9tw20v1",
        "K7QM-4XRD–P9TW 2OVl",
        " k7qm 4xrd p9tw 2o u i ",
        "K7QM.4XRD.P9TW.20VI",
    ],
)
def test_a_code_is_read_with_spaces_dashes_and_look_alikes(typed):
    assert normalise(typed) == "K7QM4XRDP9TW20V1"


@pytest.mark.parametrize(
    "typed", ["", "K7QM", "K7QM 4XRD P9TW 2HVC 1", "x" * 6000, "\x00" * 16, "ŵ" * 16, "½" * 16]
)
def test_what_is_no_code_is_read_as_none(typed):
    assert normalise(typed) == ""


@given(st.text(max_size=80))
def test_reading_never_fails(typed):
    assert normalise(typed) in {"", normalise(typed)}
    assert len(code_hash(typed)) == 64


def test_a_code_is_printed_in_groups_of_four():
    assert grouped("K7QM4XRDP9TW20V1") == "K7QM 4XRD P9TW 20V1"


def test_the_hash_needs_the_key(settings):
    before = code_hash("K7QM4XRDP9TW20V1")
    settings.CODE_KEY = "another key"
    assert code_hash("K7QM4XRDP9TW20V1") != before


def test_a_card_and_a_code_never_share_a_hash():
    assert token_hash("same") != code_hash("same")
    assert len(new_token()) >= 22  # at least 128 bits in base 64
