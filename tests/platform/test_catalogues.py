import gettext
import os
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from malpas.dev.catalogues import compile_all, template_catalogue, update_all

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: cy\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);\\n"\n\n'
)
PAGE = """<p>{% translate "Good morning" %}</p>
      {% blocktranslate trimmed count days=n %}
        {{ days }} day
      {% plural %}
        {{ days }} days
      {% endblocktranslate %}
  <p>It's "quoted" ({{ x|default:_("nobody") }}</p>
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "locale" / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(HEADER + 'msgid "Good morning"\nmsgstr "Bore da"\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "points").mkdir()
    (tmp_path / "points" / "rules.py").write_text('REASON = _("Below one is not possible.")\n')
    return tmp_path


def test_a_catalogue_is_compiled_when_it_has_changed(project):
    (compiled,) = compile_all(project / "locale")
    assert gettext.GNUTranslations(BytesIO(compiled.read_bytes())).gettext("Good morning") == "Bore da"
    os.utime(compiled, (2**31, 2**31))
    assert compile_all(project / "locale") == []


def test_sentences_are_found_in_pages_and_in_code(project):
    found = {message.id for message in template_catalogue(project) if message.id}
    plural = ("%(days)s day", "%(days)s days")
    assert found == {"Good morning", plural, "nobody", "Below one is not possible."}


def test_an_update_keeps_translations_drops_what_is_gone_and_guesses_nothing(project):
    po = project / "locale" / "cy" / "LC_MESSAGES" / "django.po"
    po.write_text(po.read_text() + '\nmsgid "Below one is not possible"\nmsgstr "Dim llai nag un"\n')
    update_all(project)
    catalogue = read_po(po.open("rb"))
    assert catalogue.get("Good morning").string == "Bore da"
    assert catalogue.get("Below one is not possible.").string == ""
    assert catalogue.get("Below one is not possible") is None
    assert catalogue.num_plurals == 6
