"""The schedule as data. Intervals only: a schedule in local time skips an hour in October."""

from datetime import timedelta

SCHEDULE = {
    "announce-messages": {"task": "messaging.tasks.announce", "schedule": timedelta(seconds=60)},
    "announce-posts": {"task": "stories.tasks.announce", "schedule": timedelta(seconds=60)},
    "deliver-mail": {"task": "accounts.tasks.deliver", "schedule": timedelta(seconds=30)},
}
