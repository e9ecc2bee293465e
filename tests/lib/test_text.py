import pytest
from hypothesis import given
from hypothesis import strategies as st

from malpas.lib.text import clean_body, clean_line, is_blank, letters_of_code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\u200b",
        "\u200b \ufeff\u2060",
        "\u3164",
        "\U000e0041",
        "\u00ad\u034f",
        "\u2066 \u2069",
        "\u2800",
        "\ufe0f",
        "\U0001d159",
        "\u0301",
        "\u180b\u180f",
        "\ufffc",
    ],
)
def test_what_cannot_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "ŵ", "🐉", "❤️", "👨‍👩‍👧", "0"])
def test_what_can_be_seen_is_not_blank(text):
    assert not is_blank(text)


def test_a_body_keeps_its_lines_and_its_emoji():
    assert (
        clean_body(" Dear all,\r\n\r\nllongyfarchiadau 👨‍👩‍👧 ❤️\r")
        == "Dear all,\n\nllongyfarchiadau 👨‍👩‍👧 ❤️"
    )


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("a\u202eb", "ab"),
        ("a\u2066b\u2069", "ab"),
        ("a\x1b[31mb", "a[31mb"),
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("<b>{{ 7*7 }}</b>", "<b>{{ 7*7 }}</b>"),
    ],
)
def test_what_could_deceive_or_break_is_taken_out(text, cleaned):
    assert clean_body(text) == cleaned


def test_a_line_is_one_line_without_hidden_letters():
    assert clean_line(" Nia \n\u200b Bowen\x00 ") == "Nia Bowen"


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_can_always_be_stored(text):
    cleaned = clean_body(text)
    assert "\x00" not in cleaned
    cleaned.encode()  # a lone surrogate would raise
    assert clean_body(cleaned) == cleaned
    assert "\n" not in clean_line(text)


WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize("emoji", [WALES, "👩‍🏫", "👨‍👩‍👧", "👩🏽‍🏫", "❤️‍🔥", "🏳️‍🌈", "👍🏽", "❤️", "1️⃣"])
def test_an_emoji_stays_whole_in_a_line(emoji):
    assert clean_line(f"{emoji} Dydd Gŵyl Dewi hapus! {emoji}") == f"{emoji} Dydd Gŵyl Dewi hapus! {emoji}"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Ma\u200dli", "Mali"),
        ("Mali\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "Mali"),
        ("\U0001f3f4\U000e0068\U000e0069\U000e007f", "\U0001f3f4"),
        ("👩\u200d", "👩"),
        ("👩\u200dMali", "👩Mali"),
        ("\u200d👩", "👩"),
        (f"{WALES}\U000e0068\U000e007f", WALES),
    ],
    ids=[
        "joiner",
        "tags",
        "another flag",
        "at the end",
        "before a letter",
        "at the beginning",
        "tags behind",
    ],
)
def test_what_joins_no_emoji_is_taken_out_of_a_line(text, cleaned):
    assert clean_line(text) == cleaned


@given(st.text())
def test_a_cleaned_line_stays_as_it_is(text):
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_letters_of_a_code_are_letters_and_digits(text):
    assert letters_of_code(text).isalnum() or not letters_of_code(text)
