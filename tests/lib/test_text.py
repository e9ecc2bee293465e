import pytest
from hypothesis import given
from hypothesis import strategies as st

from malpas.lib.text import clean_body, clean_line, is_blank


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
