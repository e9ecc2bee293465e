"""List the periodic tasks. Intervals only: a schedule in local time skips an hour in October."""

from datetime import timedelta

from django.conf import settings

SWEEP = timedelta(seconds=settings.SWEEP_SECONDS)
SCHEDULE = {
    "announce-messages": {"task": "messaging.tasks.announce", "schedule": SWEEP},
    "announce-posts": {"task": "stories.tasks.announce", "schedule": SWEEP},
    "tend-photos": {"task": "stories.tasks.tend_photos", "schedule": SWEEP},
    "notify-of-codes": {"task": "classes.tasks.notify_of_codes", "schedule": SWEEP},
    "make-letters": {"task": "classes.tasks.make_letters", "schedule": SWEEP},
    "withdraw-notices-of-departed": {
        "task": "classes.tasks.withdraw_notices_of_departed",
        "schedule": SWEEP * 60,
    },
    "delete-expired-rosters": {"task": "classes.tasks.delete_expired_rosters", "schedule": SWEEP * 60},
    "notify-points": {"task": "points.tasks.notify_families", "schedule": SWEEP},
    "tend-files": {"task": "messaging.tasks.tend_files", "schedule": SWEEP},
    "tidy-media": {"task": "malpas.tasks.tidy_media", "schedule": SWEEP * 60},
    "end-staff": {"task": "accounts.tasks.end_staff", "schedule": SWEEP},
    "deliver-mail": {"task": "accounts.tasks.deliver", "schedule": SWEEP / 2},
}
