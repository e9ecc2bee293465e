"""Turn the web addresses in a plain text into links."""

import re
import unicodedata

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ADDRESS = re.compile(r"(?<!\w)https?://[^\s<>\"]+", re.IGNORECASE)
# The whole host in plain letters: a look-alike letter, a name before an @ or a backslash leads elsewhere than it says.
HOST = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?(?=[/?#]|$)",
    re.IGNORECASE,
)
CLOSES = {")": "(", "]": "[", "}": "{"}
ENDS = ".,;:!?'’”»*_~"
INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp", "Zs"))


def linked(text: str) -> SafeString:
    """Return `text` escaped, its web addresses as links that show where they lead.

    Only http and https. What could lead elsewhere than it shows stays text. The signs that end a sentence are no part
    of an address.
    """
    found, done = [], 0
    for match in ADDRESS.finditer(text):
        address = _without_ends(match.group())
        if not _is_plain(address):
            continue
        found.append(format_html("{}", text[done : match.start()]))
        found.append(format_html('<a href="{}" rel="noreferrer nofollow">{}</a>', address, address))
        done = match.start() + len(address)
    found.append(format_html("{}", text[done:]))
    return mark_safe("".join(found))  # every part was escaped


def _is_plain(address: str) -> bool:
    return (
        HOST.match(address) is not None
        and "\\" not in address
        and not any(unicodedata.category(sign) in INVISIBLE for sign in address)
    )


def _without_ends(address: str) -> str:
    """Return an address without the full stop, quote or bracket that follows it."""
    end, open_brackets = len(address), {sign: address.count(sign) for sign in "()[]{}"}
    while end:
        last = address[end - 1]
        if last in CLOSES and open_brackets[last] > open_brackets[CLOSES[last]]:
            open_brackets[last] -= 1
        elif last not in ENDS:
            break
        end -= 1
    return address[:end]
