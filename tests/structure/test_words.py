"""Every text is kind, marked and translated into Welsh; each rule has a case that breaks it."""

import gettext
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import allauth
import django
import pytest
from allauth.account.adapter import get_adapter
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.contrib.auth.password_validation import get_default_password_validators
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.sign_in.error_messages import SIGN_IN_ERRORS
from malpas.dev.catalogues import APPS, compile_all, template_catalogue, update_all, vendor_entries
from tests.structure.words import (
    ENGLISH_FILTERS,
    SIX_FORMS,
    bare_sentences,
    bare_words,
    catalogue_faults,
    refusals,
    translation_faults,
    unkind,
)

ROOT = Path(__file__).resolve().parents[2]
WELSH = ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po"
PAGES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
SPEAKERS = refusals(path.read_text() for path in CODE)
VENDORS = [Path(package.__file__).parent for package in (django, allauth)]
POINTS = (
    "0 pwynt, 1 pwynt, 2 bwynt, 3 phwynt, 4 pwynt, 5 pwynt, 6 phwynt, "
    "7 pwynt, 8 pwynt, 9 pwynt, 10 pwynt, 11 pwynt, 12 pwynt"
)


@pytest.fixture(scope="module")
def marked() -> Catalog:
    return template_catalogue(ROOT)


@pytest.fixture(scope="module")
def welsh() -> Catalog:
    with WELSH.open("rb") as file:
        return read_po(file)


@pytest.fixture
def in_welsh():
    compile_all(ROOT / "locale")
    with override("cy"):
        yield


def entry(english, said) -> Catalog:
    catalogue = Catalog(locale="cy")
    catalogue.add(english, said)
    return catalogue


def plural_forms(catalogue: Catalog) -> str:
    return dict(catalogue.mime_headers)["Plural-Forms"]


def offenders(paths: list[Path], check) -> dict[str, object]:
    return {str(path.relative_to(ROOT)): found for path in paths if (found := check(path.read_text()))}


# -- the catalogue -------------------------------------------------------------------------------------


def test_every_marked_sentence_is_said_in_welsh(marked, welsh):
    assert len(marked) > 900
    assert catalogue_faults(marked, welsh) == {}


def vendor_ids() -> set[str | tuple[str, ...]]:
    """Return the sentences that Django and allauth mark; allauth's English ones stand in its German catalogue."""
    folders = [folder for package in VENDORS for folder in package.rglob("locale")]
    paths = [path for folder in folders for path in folder.glob("[ed][ne]/LC_MESSAGES/django.po")]
    return {message.id for path in paths for message in read_po(path.open("rb"))}


def test_sentences_of_vendors_are_still_theirs_and_said_in_welsh(welsh):
    entries, theirs = vendor_entries(welsh), vendor_ids()
    assert len(entries) > 100
    assert {str(message.id) for message in entries if message.id not in theirs} == set()
    assert {str(message.id): faults for message in entries if (faults := translation_faults(message))} == {}


def test_an_update_keeps_the_sentences_of_vendors(tmp_path):
    po = tmp_path / "locale" / "cy" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    catalogue = Catalog(locale="cy")
    catalogue.add("Yes, I’m sure", "Ydw, rwy’n siŵr", auto_comments=["vendor"])
    catalogue.add("No longer said", "Dim mwy")
    write_po(po.open("wb"), catalogue)
    update_all(tmp_path)
    with po.open("rb") as file:
        assert {message.id: message.string for message in read_po(file) if message.id} == {
            "Yes, I’m sure": "Ydw, rwy’n siŵr"
        }


def test_welsh_words_are_joined_by_a_true_apostrophe(welsh):
    said = {
        word
        for message in welsh
        for word in ([message.string] if isinstance(message.string, str) else message.string)
    }
    assert [words for words in said if re.search(r"\w'|'\w", words)] == []


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Good morning", ""),
        ("Good morning, %(name)s", "Bore da"),
        ("Hello {name}", "Helo {enw}"),
        (("%(n)s day", "%(n)s days"), ("%(n)s diwrnod",) * 5 + ("",)),
        (("%(n)s day", "%(n)s days"), ("%(n)s diwrnod",) * 4),
        (("%(n)s day", "%(n)s days"), ("%(n)s diwrnod",) * 2 + ("Deuddydd",) + ("%(n)s diwrnod",) * 3),
        (("%d day", "%d days"), ("%d diwrnod", "Diwrnod") + ("%d diwrnod",) * 4),
    ],
)
def test_a_missing_or_mismatched_translation_is_found(english, said):
    (message,) = (message for message in entry(english, said) if message.id)
    assert translation_faults(message)


def test_none_and_one_may_be_said_without_their_number():
    one = entry(("A point", "%(n)s points"), ("Dim pwynt", "Pwynt") + ("%(n)s pwynt",) * 4)
    (message,) = (message for message in one if message.id)
    assert translation_faults(message) == []


def test_missing_and_fuzzy_entries_are_found():
    guessed = Catalog(locale="cy")
    guessed.add("Good morning", "Bore da", flags={"fuzzy"})
    assert catalogue_faults(entry("Good night", ""), guessed) == {"Good night": ["missing"]}
    assert catalogue_faults(entry("Good morning", ""), guessed) == {"Good morning": ["fuzzy"]}


def test_the_catalogue_keeps_six_plural_forms(welsh, tmp_path):
    assert plural_forms(welsh) == SIX_FORMS
    po = tmp_path / "locale" / "cy" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    write_po(po.open("wb"), welsh)
    update_all(tmp_path)
    with po.open("rb") as file:
        assert plural_forms(read_po(file)) == SIX_FORMS


def test_points_are_counted_as_welsh_counts_them(welsh):
    compiled = BytesIO()
    write_mo(compiled, welsh)
    said = gettext.GNUTranslations(BytesIO(compiled.getvalue())).ngettext
    counted = [said("%(points)s point", "%(points)s points", n) % {"points": n} for n in range(13)]
    assert ", ".join(counted) == POINTS


# -- what stands beside our own sentences --------------------------------------------------------------


def test_a_day_reads_as_welsh_writes_it(in_welsh):
    assert date_format(date(2026, 11, 16), "l j F Y") == "dydd Llun 16 Tachwedd 2026"
    weekdays = [date_format(date(2026, 11, day), "l") for day in range(16, 23)]
    assert weekdays == [
        "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul",
    ]  # fmt: skip
    assert date_format(date(2026, 2, 1), "j F") == "1 Chwefror"


def test_the_password_rules_are_said_in_welsh():
    compile_all(ROOT / "locale")
    for rule in get_default_password_validators():
        with override("en"):
            english = [rule.get_error_message(), rule.get_help_text()]
        with override("cy"):
            assert not set(english) & {rule.get_error_message(), rule.get_help_text()}


def test_what_sign_in_refuses_is_said_in_our_words():
    said = get_adapter().error_messages
    assert {key: str(said[key]) for key in SIGN_IN_ERRORS} == {k: str(v) for k, v in SIGN_IN_ERRORS.items()}


# -- templates -----------------------------------------------------------------------------------------


def test_no_page_uses_a_filter_that_speaks_english():
    assert len(PAGES) > 80
    assert offenders(PAGES, ENGLISH_FILTERS.findall) == {}
    assert ENGLISH_FILTERS.findall("{{ post.at|timesince }}") == ["timesince"]


def test_no_words_stand_in_a_page_unmarked():
    assert offenders(PAGES, bare_words) == {}


@pytest.mark.parametrize(
    "page",
    [
        "<p>Good morning</p>",
        '<p aria-label="Good morning"></p>',
        '<img alt="A dragon {{ name }}">',
        '<input type="submit" value="Send">',
        '{% include "components/field.html" with label="Your name" %}',
        '{{ name|default:"nobody" }}',
        '{% translate "Good" %} morning',
        "{% blocktranslate %}Good{% endblocktranslate %} morning",
    ],
)
def test_bare_words_are_found_in_text_attributes_and_tags(page):
    assert bare_words(page)


def test_marked_words_names_and_machinery_are_no_bare_words():
    page = """{# a note #}{% load i18n %}<a href="{% url 'home' %}" class="row" title="{% translate "Home" %}">
      {% blocktranslate trimmed with n=name %}Hello {{ n }}{% endblocktranslate %} 999 &nbsp; Cymraeg</a>
      <script src="/a.js"></script>{% include "a.html" with label=_("Your name") %}{{ x|default:"–" }}"""
    assert bare_words(page) == []


# -- code ----------------------------------------------------------------------------------------------


def test_nothing_is_said_to_a_person_past_gettext():
    assert len(SPEAKERS) > 20
    assert offenders(CODE, lambda source: bare_sentences(source, SPEAKERS)) == {}


@pytest.mark.parametrize(
    "code",
    [
        'raise RuleViolation("Not now.")',
        'raise RuleViolation(f"Not now, {name}.")',
        'raise ValidationError("Not %s." % day, code="no")',
        'class X(RuleViolation):\n    sentence = "Not now."',
        'messages.success(request, "Sent.")',
        'name = forms.CharField(label="Your name")',
        'notify(text=lambda: NotificationText("News", _("Read it."), "/"))',
        'form.add_error("day", "Too late.")',
    ],
)
def test_a_bare_sentence_in_code_is_found(code):
    assert bare_sentences(code, SPEAKERS) != []


def test_a_marked_sentence_in_code_is_no_bare_one():
    code = 'raise RuleViolation(_("Not %s.") % day)\nmessages.info(r, said)\nCharField(label=_("A"), help_text="")'
    assert bare_sentences(code, SPEAKERS) == []


# -- tone ----------------------------------------------------------------------------------------------


def test_every_sentence_of_ours_is_kind(marked):
    ours = [
        form
        for message in marked
        if message.id
        for form in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]
    assert unkind(ours) == []
    assert unkind(["Submit", "Invalid date", "The user left", "%(user_agent)s"]) == [
        "Submit", "Invalid date", "The user left",
    ]  # fmt: skip
