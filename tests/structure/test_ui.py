"""The look's rules as tests: each rule is a function over text, and each has a case that breaks it."""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from django import forms
from django.template.loader import get_template, render_to_string

from accounts.models.people import StaffMember
from malpas.lib.renderer import FIELD_ERRORS
from malpas.navigation import TABS
from malpas.web.joined import COMMENT, IMPORT, NAME, JoinedFinder, joined
from tests.own_code import modules

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static" / "css"
# What a browser fetches for the portal's pages; the admin has its own file.
CSS_LIMIT = 40_000

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(",
    re.I,
)
# The letter is always black on white; the dialog dims the page; a mask's black is no colour.
MAY_HAVE_COLOURS = {"tokens.css", "components/letter.css"}
MASK = re.compile(r"mask-image:[^;]*;")
BACKDROP = re.compile(r"::backdrop \{[^}]*\}")
PRINT = re.compile(r"@media print \{[^{}]*\{[^{}]*\}\s*\}")

# Pages that malpas.sign_in.urls does not open: signing in by telephone, code or passkey, a link that confirms an
# address, an address or a first password chosen by oneself.
NOT_OFFERED = re.compile(
    r"phone|login_code|password_reset_code|passkey|snippets/|base_(entrance|manage|reauth)"
    r"|(^email|email_change|email_confirm|password_set|verified_email_required)\.html"
)
ALLAUTH = Path(allauth.__file__).parent / "templates" / "account"

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted(CSS.rglob("*.css"))
PYTHON = modules()


def offenders(paths: list[Path], check) -> dict[str, object]:
    return {p.relative_to(ROOT).as_posix(): found for p in paths if (found := check(p.read_text()))}


def imported(main_css: str) -> list[str]:
    return re.findall(r'@import "([^"]+)"', main_css)


def linked(styles: str) -> list[str]:
    return re.findall(r"\{% static 'css/([^']+)' %\}", styles)


def inline_code(html: str) -> list[str]:
    """What the content policy would refuse: style and handler attributes, styles and scripts in the page."""
    found = re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", html, re.I)
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.I | re.S)
    return found + ["<script>" for attributes, body in scripts if "src=" not in attributes or body.strip()]


def colours(css: str) -> list[str]:
    for allowed in (MASK, BACKDROP, PRINT):
        css = allowed.sub("", css)
    return COLOUR.findall(css)


def icons_used(text: str) -> set[str]:
    drawn = re.findall(r"icons\.svg(?:' %\}|\" %\})?#([a-z-]+)", text)
    tagged = re.findall(r"\{% icon [\"']([a-z-]+)[\"']", text)
    named = re.findall(r"\bicon[\"']?\s*[=:]\s*[\"']([a-z-]+)[\"']", text)
    return {*drawn, *tagged, *named}


def icons_drawn(sheet: str) -> set[str]:
    return set(re.findall(r'<symbol id="([a-z-]+)"', sheet))


def forgets_errors(template: str) -> bool:
    """A page that draws a form's fields but has no place where its errors are summed up."""
    draws = re.search(r"\{\{ *form *\}\}|as_field_group|components/field\.html", template)
    return bool(draws) and "components/errors.html" not in template


def physical(css: str) -> list[str]:
    """Lengths tied to the left, right, top or bottom of the glass instead of to the text."""
    return re.findall(
        r"(?<![-\w])(?:width|height|margin-(?:left|right|top|bottom)|padding-(?:left|right|top|bottom)|left|right)\s*:",
        css,
    )


def test_pages_link_one_file_of_all_styles_in_their_order():
    styles = (ROOT / "templates" / "components" / "styles.html").read_text()
    assert linked(styles) == [NAME.removeprefix("css/")]
    whole, at = joined(), 0
    for name in ["main.css", *imported((CSS / "main.css").read_text())]:
        rules = IMPORT.sub("", COMMENT.sub("", (CSS / name).read_text())).strip()
        assert rules and whole.index(rules, at) >= at, name
        at = whole.index(rules, at) + len(rules)
    assert "@import" not in whole and whole.startswith("@layer reset, tokens, base")


def test_a_sheet_that_changes_makes_the_joined_file_anew(settings, tmp_path):
    settings.JOINED_ROOT = tmp_path
    finder = JoinedFinder()
    path = Path(finder.find(NAME))
    assert path.read_text() == joined() and finder.find("css/none.css") == []
    path.write_text("old")
    assert finder.make().read_text() == "old"
    os.utime(path, (0, 0))
    assert [name for name, _storage in finder.list(None)] == [NAME]
    assert path.read_text() == joined() and [each.name for each in path.parent.iterdir()] == ["portal.css"]


def test_every_file_of_css_is_in_the_list():
    files = {p.relative_to(CSS).as_posix() for p in CSS.rglob("*.css")} - {
        "main.css",
        "admin.css",
    }
    assert files == set(imported((CSS / "main.css").read_text()))


def test_css_stays_within_its_budget():
    assert (
        sum(len((CSS / name).read_bytes()) for name in imported((CSS / "main.css").read_text())) <= CSS_LIMIT
    )


def test_no_template_has_inline_code():
    assert offenders(TEMPLATES, inline_code) == {}


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        "<script>go()</script>",
        '<script src="a.js">go()</script>',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_noticed(html):
    assert inline_code(html)


def test_a_script_of_its_own_file_is_no_inline_code():
    assert (
        inline_code('<script type="module" src="/static/js/pin.js"></script><p class="style">on=off</p>')
        == []
    )


def test_colours_stand_in_the_tokens_only():
    files = [p for p in STYLES if p.relative_to(CSS).as_posix() not in MAY_HAVE_COLOURS]
    assert offenders(files, colours) == {}


@pytest.mark.parametrize(
    "css",
    ["a { color: #fff; }", "a { color: oklch(0.2 0 0); }", "a{background:rgb(0 0 0)}"],
)
def test_an_undefined_colour_is_noticed(css):
    assert colours(css)


def test_an_id_is_no_colour():
    assert colours("#header { color: var(--ink); }\n#fade { gap: 0; }") == []


def test_lengths_are_logical():
    assert offenders(STYLES, physical) == {}


def test_a_physical_length_is_noticed():
    assert physical("a { margin-left: 1rem; }") and physical("a { width: 1rem; }")
    assert not physical("@media (min-width: 48rem) { a { inline-size: 1rem; } }")


def test_every_icon_in_use_is_drawn():
    drawn = icons_drawn((ROOT / "static" / "icons.svg").read_text())
    used = set().union(*(icons_used(p.read_text()) for p in [*TEMPLATES, *PYTHON]))
    assert used
    assert used - drawn == set()


@pytest.mark.parametrize(
    "text",
    [
        '{% icon "unicorn" %}',
        "<use href=\"{% static 'icons.svg' %}#unicorn\"/>",
        'Place(icon="unicorn")',
    ],
)
def test_an_icon_nobody_drew_is_noticed(text):
    assert icons_used(text) - icons_drawn('<symbol id="star">') == {"unicorn"}


def test_every_page_with_a_form_sums_up_its_errors():
    pages = [p for p in TEMPLATES if p.parent.name != "components"]
    assert offenders(pages, forgets_errors) == {}


def test_a_form_without_a_summary_is_noticed():
    assert forgets_errors("<form>{{ form }}</form>")
    assert not forgets_errors('{% include "components/errors.html" %}<form>{{ form }}</form>')


class Absence(forms.Form):
    collects = forms.CharField(
        label="Who collects?", help_text="First name and surname", widget=forms.TextInput({"class": "wide"})
    )
    back = forms.ChoiceField(
        label="Back at school",
        choices=[("unknown", "Not known yet"), ("date", "I know the day")],
        widget=forms.RadioSelect({"class": "choices--row", "opens": "date"}),
    )
    day = forms.DateField(label="Which day?", required=False, widget=forms.DateInput({"follow": True}))
    sure = forms.BooleanField(label="I have read it")


def test_a_field_is_drawn_with_label_hint_error_and_control_in_this_order():
    html = str(Absence({}, prefix="a")["collects"].as_field_group())
    parts = ['for="id_a-collects"', 'id="id_a-collects_helptext"', 'id="id_a-collects_error"', "<input"]
    assert [html.index(part) for part in parts] == sorted(html.index(part) for part in parts)
    assert 'aria-describedby="id_a-collects_helptext id_a-collects_error"' in html
    assert 'class="input wide"' in html and 'class="field field--wrong"' in html


def test_radios_stand_in_a_named_group_and_one_answer_opens_the_next_field():
    html = str(Absence()["back"].as_field_group())
    assert html.startswith("<fieldset") and "<legend>Back at school" in html
    assert [tag for tag in re.findall(r"<input[^>]*>", html) if "data-opens" in tag] == re.findall(
        r'<input[^>]*value="date"[^>]*>', html
    )
    assert "opens=" not in html.replace("data-opens", "") and "<input class" not in html


def test_the_opened_field_follows_and_does_not_say_that_it_may_stay_empty():
    html = str(Absence()["day"].as_field_group())  # empty is right only while no answer opens it
    assert 'class="field follow"' in html and "(optional)" not in html
    assert "follow" not in re.search(r"<input[^>]*>", html)[0]


def test_a_lone_checkbox_is_a_choice_with_one_label():
    html = str(Absence()["sure"].as_field_group())
    assert html.count("<label") == 1 and 'class="choice"' in html


def test_the_summary_leads_to_the_first_control_of_each_wrong_field():
    form = Absence({})
    html = render_to_string("components/errors.html", {"form": form})
    drawn = "".join(str(field.as_field_group()) for field in form)
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["id_collects", "id_back_0", "id_sure"]
    assert all(f'id="{link}"' in drawn for link in links)


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("components/errors.html", {"form": Absence()}).strip() == ""


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "403_csrf"])
def test_error_pages_stand_without_a_database_and_without_a_context(name):
    html = get_template(f"{name}.html").render()
    assert "<h1>" in html and "</html>" in html


@pytest.mark.policy("AU-10")
@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "403_csrf"])
def test_error_pages_name_the_address_for_concerns(name):
    school = SimpleNamespace(concerns_email="concerns@malpascourt.example")
    html = get_template(f"{name}.html").render({"school": school})
    assert 'href="mailto:concerns@malpascourt.example"' in html


def test_every_place_in_the_bar_has_a_drawing():
    drawn = icons_drawn((ROOT / "static" / "icons.svg").read_text())
    used = {tab.icon for tabs in TABS.values() for tab in tabs}
    assert used
    assert used - drawn == set()


def field_in_form(field: forms.Field) -> forms.Field:
    """Return the field as a form validates with it."""
    form = type("OneField", (forms.Form,), {"one": field})(data={})
    form.is_valid()
    return form.fields["one"]


@pytest.mark.parametrize("kind", FIELD_ERRORS, ids=lambda kind: kind.__name__)
def test_fields_of_a_form_speak_the_portals_words(kind):
    needs = {forms.ModelChoiceField, forms.ModelMultipleChoiceField}
    made = kind(StaffMember.objects.none()) if kind in needs else kind()
    messages = field_in_form(made).error_messages
    assert {code: messages[code] for code in FIELD_ERRORS[kind]} == FIELD_ERRORS[kind]


def test_a_field_keeps_its_own_sentence_and_no_class_changes():
    own = forms.CharField(error_messages={"required": "Who collects?"})
    assert field_in_form(own).error_messages["required"] == "Who collects?"
    assert forms.CharField().error_messages["required"] == "This field is required."


def test_a_class_further_down_says_more_than_its_base():
    class Colour(forms.CharField):
        default_error_messages = {"required": "Choose a colour."}

    assert field_in_form(Colour()).error_messages["required"] == "Choose a colour."

    class Both(forms.MultiValueField):
        def compress(self, data_list):
            return data_list

    (day,) = field_in_form(Both([forms.DateField()], required=False)).fields
    assert "17.11.2026" in str(day.error_messages["invalid"])


def test_what_is_too_long_is_refused_with_its_limit():
    field = field_in_form(forms.CharField(max_length=3))
    with pytest.raises(forms.ValidationError, match="This is too long: 3 letters at most"):
        field.clean("four")


def test_every_page_and_mail_of_the_sign_in_is_in_our_words():
    theirs = {p.relative_to(ALLAUTH).as_posix() for p in ALLAUTH.rglob("*.*")}
    ours = {
        p.relative_to(ROOT / "templates" / "account").as_posix()
        for p in (ROOT / "templates" / "account").rglob("*.*")
    }
    assert len(theirs) > 60
    assert {name for name in theirs - ours if not NOT_OFFERED.search(name)} == set()


@pytest.mark.parametrize(
    ("name", "context", "says"),
    [
        ("email_confirmation_signup", {"code": "TQML-SDFK"}, "TQML-SDFK"),
        (
            "account_already_exists",
            {"password_reset_url": "https://portal.example/new"},
            "https://portal.example/new",
        ),
        (
            "password_reset_key",
            {"password_reset_url": "https://portal.example/key"},
            "https://portal.example/key",
        ),
        ("unknown_account", {}, "Nobody can sign in"),
        ("password_changed", {"user_agent": "A <browser>", "timestamp": None}, "A <browser>"),
    ],
)
def test_mails_of_the_sign_in_greet_and_say_their_thing_unescaped(name, context, says):
    person = SimpleNamespace(name="Siân O’Neill & co")
    body = render_to_string(f"account/email/{name}_message.txt", context | {"user": person})
    subject = render_to_string(f"account/email/{name}_subject.txt", context)
    assert body.strip().startswith("Dear Siân O’Neill & co,")
    assert says in body and "&lt;" not in body
    assert subject.strip() and "\n" not in subject.strip()


# What `malpas.page_context` tells every page; the page of the terms is about to be nobody's, and says so.
OF_EVERY_PAGE = re.compile(r'"(me|actor|school|tabs|position|locks|draft_owner)":')
OWN_HEAD = {"accounts/terms/views.py"}


def test_no_view_takes_the_place_of_what_the_head_of_a_page_says():
    """A context with a key of its own called `me` left the account's menu without a name."""
    views = [path for path in PYTHON if "views" in path.as_posix()]
    assert len(views) > 30
    assert set(offenders(views, OF_EVERY_PAGE.findall)) == OWN_HEAD
