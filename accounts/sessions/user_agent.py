"""Name a browser in terms that its owner knows: 'Chrome', 'Android'."""

import re
from typing import NamedTuple


class Browser(NamedTuple):
    """Browser and system names, the same in every language; '' when unknown."""

    family: str
    system: str


# In this order: most browsers also claim to be Safari and Chrome.
FAMILIES = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Silk", r"Silk/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPad", r"iPad"),
    ("iPhone", r"iPhone|iPod"),
    ("Chromebook", r"CrOS"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, text)), "")


def describe(user_agent: str) -> Browser:
    """Return the browser and system of a User-Agent header, whatever it holds."""
    text = user_agent[:500]
    return Browser(_first(FAMILIES, text), _first(SYSTEMS, text))
