from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models.audit import AuditEntry
from classes.models.guardianships import Guardianship
from malpas.lib.uploads.photos.files import path_of
from messaging.models.enquiries import EnquiryPhoto
from messaging.office.services.photos import remove_photo
from tests.messaging.office.test_enquiries import plain, submit_form
from tests.people import key
from tests.sentences.messaging import ADD_ANOTHER_PHOTO, PHOTO_IS_AT_OFFICE, THREE_PHOTOS_AT_MOST
from tests.sentences.portal import PHOTO_UNREADABLE
from tests.sentences.reading import says


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_coat() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (900, 600), "seagreen").save(buffer, "JPEG", comment=b"taken at home")
    return buffer.getvalue()


def add(people, enquiry, data: bytes, who=None, key_used=None):
    file = SimpleUploadedFile("coat.svg", data, content_type="image/svg+xml")
    browser = people.client(who or people.nia)
    return browser.post(
        f"/write/photo/{plain(enquiry)}/", {"photo": file, "key": key_used or key()}, follow=True
    )


@pytest.mark.policy("AU-5")
def test_a_photo_of_a_lost_thing_is_reencoded_for_the_office(people, media):
    enquiry = submit_form(people, "lost")
    page = add(people, enquiry, a_coat()).content.decode()
    photo = EnquiryPhoto.objects.get()
    address = f"/write/seen/{photo.name}/"
    assert (
        address in page
        and address in people.client(people.office).get(f"/office/{enquiry.pk}/").content.decode()
    )
    served = b"".join(people.client(people.office).get(address).streaming_content)
    assert served.startswith(b"\xff\xd8") and b"taken at home" not in served
    assert (photo.width, photo.height) == (900, 600) and path_of(photo.name, 640).exists()


def test_nobody_else_sees_it_or_adds_one(people):
    enquiry = submit_form(people, "lost")
    add(people, enquiry, a_coat())
    address = f"/write/seen/{EnquiryPhoto.objects.get().name}/"
    assert people.client(people.nia).get(address).status_code == 200
    for who in (people.gareth, people.dylan, people.celyn, people.deputy):
        assert people.client(who).get(address).status_code == 404
        assert add(people, enquiry, a_coat(), who).status_code == 404
    assert EnquiryPhoto.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg onload=alert(1)>", PHOTO_UNREADABLE),
        (b"", "damaged"),
        (a_coat()[:200], "damaged"),
    ],
)
def test_what_is_no_photo_gets_a_sentence_and_is_not_kept(people, media, data, sentence):
    enquiry = submit_form(people, "lost")
    assert sentence in add(people, enquiry, data).content.decode()
    assert not EnquiryPhoto.objects.exists() and not list(media.rglob("*.jpg"))


def test_a_fourth_photo_is_refused_and_leaves_no_file(people, media):
    enquiry = submit_form(people, "lost")
    for _number in range(3):
        add(people, enquiry, a_coat())
    assert THREE_PHOTOS_AT_MOST in add(people, enquiry, a_coat()).content.decode()
    assert EnquiryPhoto.objects.count() == 3 and len(list(media.rglob("*.jpg"))) == 6


def test_only_what_is_lost_has_a_photo(people):
    enquiry = submit_form(people, "dinners")
    assert add(people, enquiry, a_coat()).status_code == 404
    assert (
        'type="file"' not in people.client(people.nia).get(f"/write/done/{plain(enquiry)}/").content.decode()
    )


def test_a_repeated_request_stores_one_photo(people, media):
    enquiry, used = submit_form(people, "lost"), key()
    for _attempt in range(3):
        add(people, enquiry, a_coat(), key_used=used)
    assert EnquiryPhoto.objects.count() == 1 and len(list(media.rglob("*.jpg"))) == 2


@pytest.mark.policy("PA-2")
def test_a_photo_is_gone_with_the_guardianship(people):
    enquiry = submit_form(people, "lost")
    add(people, enquiry, a_coat())
    browser, address = people.client(people.nia), f"/write/seen/{EnquiryPhoto.objects.get().name}/"
    assert browser.get(address).status_code == 200
    Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia).update(
        restriction="no_access", restriction_note="An order."
    )
    assert browser.get(address).status_code == 404
    assert people.client(people.office).get(address).status_code == 200


def remove(people, enquiry, photo, who=None):
    browser = people.client(who or people.nia)
    return browser.post(f"/write/photo/{plain(enquiry)}/{photo.name}/remove/", follow=True)


def test_it_is_said_that_a_photo_is_there_and_that_more_may_come(people):
    enquiry = submit_form(people, "lost")
    page = add(people, enquiry, a_coat()).content.decode()
    assert says(page, PHOTO_IS_AT_OFFICE) and says(page, ADD_ANOTHER_PHOTO)
    for _number in range(2):
        page = add(people, enquiry, a_coat()).content.decode()
    assert 'type="file"' not in page


def test_what_is_wrong_with_a_photo_stands_beside_its_field(people):
    enquiry = submit_form(people, "lost")
    file = SimpleUploadedFile("coat.jpg", b"<svg>", content_type="image/jpeg")
    answer = people.client(people.nia).post(f"/write/photo/{plain(enquiry)}/", {"photo": file, "key": key()})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="photo_photo_error"' in page
    assert page.index(PHOTO_UNREADABLE) > page.index('enctype="multipart/form-data"')
    missing = people.client(people.nia).post(f"/write/photo/{plain(enquiry)}/", {"key": key()})
    assert missing.status_code == 422 and 'id="photo_photo_error"' in missing.content.decode()


def test_a_wrong_photo_is_removed_with_its_files(people, media, django_capture_on_commit_callbacks):
    enquiry = submit_form(people, "lost")
    add(people, enquiry, a_coat())
    photo = EnquiryPhoto.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        for _tap in range(2):
            assert remove(people, enquiry, photo).status_code == 200
    assert not EnquiryPhoto.objects.exists() and not list(media.rglob("*.jpg"))
    assert AuditEntry.objects.filter(verb="enquiry.photo_removed").count() == 1
    assert people.client(people.office).get(f"/write/seen/{photo.name}/").status_code == 404


def test_nobody_else_removes_a_photo(people):
    enquiry, other = submit_form(people, "lost"), submit_form(people, "lost")
    add(people, enquiry, a_coat())
    photo = EnquiryPhoto.objects.get()
    for who in (people.gareth, people.dylan, people.celyn, people.office, people.head):
        assert remove(people, enquiry, photo, who).status_code in (403, 404)
    remove(people, other, photo)
    with pytest.raises(PermissionDenied):
        remove_photo(enquiry, name=photo.name, by=people.actor(people.gareth))
    assert EnquiryPhoto.objects.count() == 1
