"""Check that a photo of a message opens in a page with a way back, for those who may open it (AU-9)."""

import pytest

from malpas.lib.hidden import hide
from tests.files import letter, upload
from tests.messaging.attachments.files import photo, sent_with
from tests.messaging.school_time import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def page_of(file) -> str:
    return f"/messages/photo/{file.name}/"


@pytest.mark.policy("AU-9")
def test_a_photo_opens_in_a_page_that_leads_back_to_its_message(people):
    message = sent_with(people, photo())
    file = message.files.get()
    for who in (people.nia, people.celyn):
        assert f'href="{page_of(file)}"' in page_text(
            people.client(who), f"/messages/{message.conversation_id}/"
        )
        page = people.client(who).get(page_of(file))
        html = page.content.decode()
        assert page["Content-Type"].startswith("text/html")
        assert f'src="/messages/file/{file.name}/"' in html
        assert f'href="/messages/{message.conversation_id}/#message-{hide(message.pk)}"' in html


@pytest.mark.policy("AU-9")
def test_who_may_not_open_the_photo_finds_no_page(people):
    file = sent_with(people, photo()).files.get()
    assert people.client(people.nia).get(page_of(file)).status_code == 200
    for who in (people.gareth, people.dylan, people.derwen, people.office, people.deputy):
        assert people.client(who).get(page_of(file)).status_code == 404


def test_a_document_has_no_such_page(people):
    file = sent_with(people, upload(letter())).files.get()
    assert people.client(people.nia).get(page_of(file)).status_code == 404
