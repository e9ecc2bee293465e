"""Tests of web addresses in what people write: links that lead where they say, and nothing else."""

import re

import pytest
from django.template import Context, Template

from malpas.templatetags.links import linked

EVIL = "evil.example"


def _links(text):
    return re.findall(r'<a href="([^"]*)" rel="noreferrer nofollow">([^<]*)</a>', linked(text))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://www.gov.wales/school-holidays.", "https://www.gov.wales/school-holidays"),
        ("(https://en.example.org/wiki/Wales_(country))", "https://en.example.org/wiki/Wales_(country)"),
        ("‘https://example.org/a?b=1#top’,", "https://example.org/a?b=1#top"),
        ("HTTPS://Example.ORG:8443/", "HTTPS://Example.ORG:8443/"),
        ("https://example.org/ysgol/dŵr", "https://example.org/ysgol/dŵr"),
        ("https://example.org?x", "https://example.org?x"),
        ("https://example.org...", "https://example.org"),
    ],
)
def test_address_is_a_link_that_shows_where_it_leads(text, address):
    assert _links(text) == [(address, address)]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "tel:01632960115 mailto:a@example.org ftp://example.org",
        f"https://school.example@{EVIL}/",
        f"https://{EVIL}\\@school.example/",
        "https://schооl.example/",  # two of its letters are Cyrillic
        "https://example.org/\u202egpj.exe",
        "https://example.org/\u200b.evil",
        "xhttps://example.org",
        "https://",
        "https://localhost/",
        "https://-.example/",
    ],
)
def test_what_leads_elsewhere_stays_text(text):
    assert _links(text) == []
    assert "<a" not in linked(text)


def test_everything_around_and_in_an_address_is_escaped():
    text = "<b>https://example.org/?a=1&b=\"onclick=x'</b>"
    page = linked(text)
    assert _links(text) == [("https://example.org/?a=1&amp;b=", "https://example.org/?a=1&amp;b=")]
    assert "<b>" not in page and "&lt;b&gt;" in page and '"onclick' not in page


def test_two_addresses_and_their_words_stay_in_order():
    text = "a https://one.example b https://two.example/x c"
    assert [address for address, _shown in _links(text)] == ["https://one.example", "https://two.example/x"]
    assert re.sub("<[^>]*>", "", linked(text)) == text


def test_templates_make_paragraphs_of_it():
    template = Template("{% load ui %}{{ body|linked|linebreaks }}")
    page = template.render(Context({"body": "<i>one</i>\n\nhttps://example.org/a\nend"}))
    assert page.count("<p>") == 2 and page.count("<br>") == 1
    assert 'href="https://example.org/a"' in page and "<i>" not in page


def test_long_text_of_nothing_but_brackets_is_quick():
    assert _links("https://example.org/" + ")" * 5000) == [("https://example.org/", "https://example.org/")]
