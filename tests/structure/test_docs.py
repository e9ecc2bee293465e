"""Every file, folder and link that a document names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|html|js|css|md|yaml|yml|tsv|txt)))(?:::\w+)?`")
LINKED = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
# Made by a command, or named as a pattern for any app.
MADE = {
    ".local/",
    "locale/",
    "rules.py",
    "models/",
    "queries.py",
    "notifications.py",
    "services.py",
    "tasks.py",
}
MADE |= {"forms.py", "views.py", "secrets/", "docker-compose.override.yml"}
PACKAGES = {"accounts", "classes", "messaging", "malpas"}


def exists(name: str, page: Path) -> bool:
    """Return whether a named path stands in the project, beside the page, or is a package of an app."""
    places = [ROOT / name, page.parent / name, *(ROOT / app / name for app in PACKAGES if name.endswith("/"))]
    return name in MADE or name.startswith("PUBLIC_URL/") or any(place.exists() for place in places)


def gone(text: str, page: Path) -> list[str]:
    """Return the paths and links of `text` that lead nowhere."""
    return [name for name in NAMED.findall(text) + LINKED.findall(text) if not exists(name, page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_document_names_exists(page):
    assert gone(page.read_text(), page) == []


def test_a_path_and_a_link_that_lead_nowhere_are_found():
    text = "`points/gone.py`, `points/models.py`, `calendar/`, [time](docs/time.md), [lost](docs/lost.md)"
    assert gone(text, ROOT / "README.md") == ["points/gone.py", "docs/lost.md"]
