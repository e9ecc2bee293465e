"""Open the newsfeed for tests."""

from django.test import Client

FEED, WRITE = "/news/", "/news/write/"
QUIET = "2026-11-13 20:00"
TITLE = "We have built a castle"


def page(client: Client, url: str = FEED, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()
