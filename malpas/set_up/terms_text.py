"""Write the text of the usage terms from the school's settings, in both languages (PA-3)."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models.school import School, WorkingHours
from malpas.lib.hours import SchoolHours, Window
from messaging.enums import Topic

LANGUAGES = ("en", "cy")


def starting_texts(school: School, hours: SchoolHours) -> dict[str, str]:
    """Return the text by language ("en", "cy"): what it says is what the portal does with these settings."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            parts = [*_purpose(school), *_messages(school, hours), *_accounts(), *_consequences(school)]
        found[language] = "\n\n".join(parts)
    return found


def _purpose(school: School) -> Iterable[str]:
    known = {"school": school.name}
    yield (
        _("This portal belongs to %(school)s. It is for news, praise and messages between home and school.")
        % known
    )
    yield _(
        "We are kind and polite here, as we would be face to face. Nobody bullies or threatens, writes about other "
        "families, or pretends to be somebody else."
    )


def _messages(school: School, hours: SchoolHours) -> Iterable[str]:
    topics = ", ".join(_begin_small(str(topic.label)) for topic in Topic if topic != Topic.OTHER)
    yield _(
        "Messages are for the staff of the class. These go to the Main Office, and never to the class: %(topics)s."
    ) % {"topics": topics}
    if school.office_phone:
        known = {"phone": school.office_phone}
        yield _("If something is urgent, telephone the Main Office: %(phone)s.") % known
    yield _("To talk about how your child is getting on, ask for a meeting.")
    if hours.week:
        yield from _times(hours)


def _times(hours: SchoolHours) -> Iterable[str]:
    yield _(
        "Write when it suits you. What you write outside the hours in which staff work reaches the class when school "
        "next opens. Staff work on school days: %(times)s."
    ) % {"times": spans({day: each.working for day, each in hours.week.items()})}
    yield _(
        "Nobody is expected to answer outside the hours for replies. On school days these are: %(times)s."
    ) % {"times": spans({day: each.reply for day, each in hours.week.items()})}


def spans(windows: dict[int, Window]) -> str:
    """Return "08:30 to 17:00", or with the days where they differ: "Monday, Tuesday 08:30 to 17:00; …"."""
    rows = [(list(days), window) for window, days in groupby(sorted(windows), key=windows.__getitem__)]
    texts = [
        _("%(start)s to %(end)s") % {"start": f"{each.start:%H:%M}", "end": f"{each.end:%H:%M}"}
        for _days, each in rows
    ]
    if len(rows) == 1:
        return texts[0]
    names = dict(WorkingHours.WEEKDAYS)
    days = [", ".join(str(names[day]) for day in each) for each, _window in rows]
    return "; ".join(f"{day} {text}" for day, text in zip(days, texts, strict=True))


def _begin_small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _accounts() -> Iterable[str]:
    yield _(
        "Two parents or guardians have a place with each child. A third adult needs the written approval of a senior "
        "leader. Codes for joining are for parents and guardians alone."
    )
    yield _(
        "An account in your name is yours alone, with an e-mail address of your own; a class’s account belongs to those "
        "who work with the class, each with their own PIN. Keep your password, your PIN and your codes to yourself, "
        "and let no child write in your name. Children have points and a dragon here, and never write."
    )
    yield _(
        "Photos and stories stay in the portal: nobody copies them or passes them on without the school’s written "
        "permission. Nobody advertises, or sends files that could do harm."
    )


def _consequences(school: School) -> Iterable[str]:
    yield _(
        "Everybody can report a message or a story to the senior leaders. If somebody does not keep to these terms, "
        "the school first warns them and says why. If it goes on, the school may end their access. At once, without a "
        "warning, it does so only after a serious breach, with the reason written down."
    )
    if school.concerns_email:
        yield _("If something worries you, write to %(address)s.") % {"address": school.concerns_email}
