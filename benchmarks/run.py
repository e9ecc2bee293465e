"""Everything from an empty database to the printed table."""

import os
import sys
from importlib.metadata import version

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.load import SIZES, load_school
from benchmarks.scenarios import measure
from benchmarks.strays import lines as strays
from benchmarks.web import megabytes, web


def new_database() -> None:
    """Makes the database malpas_bench anew; the one that the environment names is not touched."""
    name = settings.DATABASES["default"]["NAME"]
    params = connection.get_connection_params() | {"dbname": "postgres"}
    keep = {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}
    with psycopg.connect(**keep, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")


def say_where() -> None:
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    print(
        f"Python {sys.version.split()[0]}, Django {version('django')}, gunicorn {version('gunicorn')}, "
        f"Postgres {server}; {os.cpu_count()} cores, busy before: {load}"
    )


def main() -> int:
    scale = os.environ.get("SCALE", "school")
    if scale not in SIZES:
        print(f"SCALE is one of: {', '.join(SIZES)}.", file=sys.stderr)
        return 2
    new_database()
    call_command("migrate", verbosity=0)
    say_where()
    print(f"loading {scale}: {SIZES[scale]} …", flush=True)
    loaded = load_school(SIZES[scale])
    with web() as portal:
        measure(portal.port, loaded)
        print("\n" + "\n".join(strays()))
        print(f"\nmemory of the web process and its workers: {megabytes(portal):.0f} MB")
    return 0
