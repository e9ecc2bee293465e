"""Run the benchmark: create the databases, load a school, measure, print the table."""

import os
import sys
from importlib.metadata import version

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks import bare, misdirected, telephone
from benchmarks.load import SIZES, load_school
from benchmarks.people import sign_in
from benchmarks.scenarios import measure
from benchmarks.web import megabytes, web


def new_databases(*names: str) -> None:
    """Drop and create these databases; the one that the environment names is not touched."""
    params = connection.get_connection_params() | {"dbname": "postgres"}
    keep = {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}
    with psycopg.connect(**keep, autocommit=True) as server:
        for name in names:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")


def print_environment() -> None:
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
    new_databases(settings.DATABASES["default"]["NAME"], "malpas_bench_bare")
    call_command("migrate", verbosity=0)
    print_environment()
    print(f"loading {scale}: {SIZES[scale]} …", flush=True)
    loaded = load_school(SIZES[scale])
    with web() as portal, web(bare.SETTINGS) as bare_portal:
        measure(portal.port, loaded, bare_port=bare_portal.port, bare_cookies=bare.prepare())
        print(f"\nmemory of the web process and its workers: {megabytes(portal):.0f} MB")
        parent, account = (
            sign_in(loaded.parents[0], None, loaded),
            sign_in(loaded.account, loaded.staff, loaded),
        )
        telephone.measure(portal.port, parent, account, rounds=min(3, loaded.size.rounds))
        print("\n" + "\n".join(misdirected.lines()))
    return 0
