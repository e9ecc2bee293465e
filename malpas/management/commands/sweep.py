from django.core.management.base import BaseCommand

from accounts.notify.heartbeat import note_sweep
from malpas.beat import SCHEDULE
from malpas.celery import app


class Command(BaseCommand):
    help = "Does once what beat asks for every minute: for a system timer, beside Celery or instead of it."

    def handle(self, *args, **options) -> None:
        app.loader.import_default_modules()
        failed = []
        for name, entry in SCHEDULE.items():
            try:
                done = app.tasks[entry["task"]]()
            except Exception as error:  # one that fails must not hold up the next
                self.stderr.write(f"{name}: {type(error).__name__}: {error}")
                failed.append(name)
            else:
                note_sweep(name)
                self.stdout.write(f"{name}: {done}")
        if failed:
            raise SystemExit(1)
