"""Write one appointment as a calendar file."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event


def appointment(
    *, uid: str, starts: datetime, minutes: int, title: str, place: str, made_at: datetime
) -> bytes:
    """Return a calendar file with one appointment; `starts` and `made_at` in UTC."""
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Malpas//EN")
    calendar.add("version", "2.0")
    event.add("uid", uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=minutes))
    event.add("summary", title)
    if place:
        event.add("location", place)
    calendar.add_component(event)
    return calendar.to_ical()
