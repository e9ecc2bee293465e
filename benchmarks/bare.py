"""`python -m benchmarks.bare`: migrate B0's empty database and print the session key of somebody signed in.

It is a process of its own, because one process has one model of users.
"""

import os
import subprocess
import sys

SETTINGS = "benchmarks.bare_settings"


def prepare() -> dict[str, str]:
    """Run this module on B0's database, which must exist; return the cookies of a session there."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bare"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return {"sessionid": done.stdout.strip()}


def signed_in() -> str:
    """Return the session key of a new user."""
    import django

    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(get_user_model().objects.create_user("nia"))
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    print(signed_in())
