from django.core.management import call_command
from django.test import Client

from classes.models.pupils import Pupil
from classes.pupil_access.class_page import new_class_page
from malpas.demo.life import teacher_of
from malpas.demo.people import show_class
from malpas.demo.pupils import CLASS_PAGE_TOKEN, PICTURES
from tests.classes.pupil_access.class_pages import tap


def test_a_pupil_comes_in_by_what_is_printed(clock, settings, tmp_path, capsys):
    settings.MEDIA_ROOT, settings.PUBLIC_URL = tmp_path, "http://127.0.0.1:8000"
    call_command("load_demo")
    call_command("demo_people")
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:8000/pupil/class/{CLASS_PAGE_TOKEN}/" in said and "sun, fish, key" in said
    browser, child = Client(), Pupil.objects.filter(classroom=show_class()).first()
    assert browser.get(f"/pupil/class/{CLASS_PAGE_TOKEN}/").status_code == 302
    assert tap(browser, child, PICTURES).headers["Location"] == "/pupil/me/"


def test_nothing_is_printed_of_an_ended_class_page(clock, settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo")
    room = show_class()
    new_class_page(classroom=room, by=teacher_of(room), at=clock.set("2026-11-10 11:00"), ends=1)
    call_command("demo_people")
    assert "pupil " not in capsys.readouterr().out
