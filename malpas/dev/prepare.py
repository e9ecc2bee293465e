"""
`python -m malpas.dev.prepare`: the demo school in the database when it is empty.

Prints who one can sign in as. One process for both, because each start of Django takes a second.
"""

import sys

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("load_demo", if_empty=True, stdout=sys.stderr)
    call_command("demo_people")


if __name__ == "__main__":
    main()
