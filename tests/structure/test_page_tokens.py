"""Random tokens of a page contain no name by chance."""

import re

from django.middleware.csrf import get_token
from django.test import RequestFactory


def test_a_token_against_forgery_has_no_capital_letter():
    tokens = [get_token(RequestFactory().get("/")) for _turn in range(20)]
    assert len(set(tokens)) == 20
    assert [token for token in tokens if not re.fullmatch(r"[a-z0-9]{64}", token)] == []
