import logging

import pytest

from malpas.lib.logs import NoSecrets, without_secrets


@pytest.mark.parametrize(
    "path", ["/join/ABCD-EFGH/", "/pupil/card/s3cret_token/", "/account/password/reset/key/3-c0de-x/"]
)
def test_A68_an_address_that_opens_a_door_is_not_logged(path):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", (path,), None)
    assert NoSecrets().filter(record)
    assert path.split("/")[-2] not in record.getMessage()
    assert record.getMessage().startswith("Not Found: /")


def test_other_addresses_stay_as_they_are():
    assert without_secrets("Not Found: /messages/7/ (join in)") == "Not Found: /messages/7/ (join in)"
