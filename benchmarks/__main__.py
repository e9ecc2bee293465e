"""Loads a school, starts the web process beside the reference views, times both in turn, prints a table."""

import os
import signal
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
os.environ.setdefault("MALPAS_DEMO", "1")  # plain files, no collectstatic before a run

import django

django.setup()

from benchmarks.run import main  # noqa: E402


def end(number: int, _frame: object) -> None:
    """Leaves by the front door, so that the web process ends too; asked twice, it goes on leaving."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    started = time.monotonic()
    code = main()
    print(f"{time.monotonic() - started:.0f} seconds in all")
    sys.exit(code)
