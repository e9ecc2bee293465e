"""Load a school, start the web process, time its pages and the reference views, print a table."""

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
    """Exit normally on SIGTERM, so that the web processes end too; ignore further signals."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    started = time.monotonic()
    code = main()
    print(f"{time.monotonic() - started:.0f} seconds in all")
    sys.exit(code)
