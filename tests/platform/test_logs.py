import io
import logging

import pytest
from django.test import Client
from django.urls import reverse

from malpas.web.logs import NoSecrets, RefusalsInOneLine, without_secrets


@pytest.mark.parametrize(
    "path", ["/join/ABCD-EFGH/", "/pupil/card/s3cret_token/", "/account/password/reset/key/3-c0de-x/"]
)
def test_A68_an_address_with_a_token_is_not_logged(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", (path,), None)
    assert NoSecrets().filter(record)
    assert path.split("/")[-2] not in record.getMessage()
    assert record.getMessage().startswith("Not Found: /")


def test_other_addresses_stay_as_they_are():
    assert without_secrets("Not Found: /messages/7/ (join in)") == "Not Found: /messages/7/ (join in)"


@pytest.fixture
def written(monkeypatch) -> io.StringIO:
    """What the console's handler writes."""
    console = next(
        each
        for each in logging.getLogger().handlers
        if any(isinstance(one, RefusalsInOneLine) for one in each.filters)
    )
    monkeypatch.setattr(console, "stream", io.StringIO())
    return console.stream


def test_a_refusal_is_one_line_of_the_log(people, written):
    forbidden = people.client(people.office).get(reverse("admin:accounts_termsversion_add"))
    broken = people.client(people.nia).post("/messages/add-file/", "x", content_type="multipart/form-data")
    assert (forbidden.status_code, broken.status_code) == (403, 400)
    lines = written.getvalue().splitlines()
    assert len(lines) == 2, written.getvalue()
    assert lines[0].startswith("Forbidden") and lines[1].startswith("Bad request")


def test_a_fault_of_ours_keeps_its_traceback(people, written, monkeypatch):
    def broken(*_args: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("malpas.operations.status.figures", broken)
    browser = Client(raise_request_exception=False)
    assert browser.get("/health/").status_code == 500
    assert "RuntimeError: broken on purpose" in written.getvalue() and "Traceback" in written.getvalue()
