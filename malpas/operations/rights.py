"""Grant the database role of web, worker, beat and commands its rights; it owns nothing.

`migrate` runs as the owner of the tables and grants the rights again each time. New tables get the default: read and
write rows, and nothing else. Models marked `append_only` get less, and a trigger that refuses TRUNCATE even to the owner.
"""

import logging
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from malpas.lib.db.append_only import ALL, RULES

log = logging.getLogger(__name__)
LOCK = "SELECT pg_advisory_xact_lock(hashtext('malpas.rights'))"
WHO = "SELECT current_user, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
IS_THERE = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
MAKE_ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
IS_LOW = """
SELECT rolcanlogin AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls OR rolinherit)
FROM pg_roles WHERE rolname = %s
"""
LOWER_ROLE = "ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
COMMON = """
REVOKE ALL ON DATABASE {database} FROM PUBLIC, {role};
GRANT CONNECT ON DATABASE {database} TO {role};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM {role};
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""
REFUSE_TRUNCATE = """
CREATE OR REPLACE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%_is_never_emptied', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$
"""
NEVER_EMPTIED = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'never_emptied' AND tgrelid = '{table}'::regclass) THEN
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_truncate();
    END IF;
END $$
"""
# A migration with a trigger restores this function of django-pgtrigger, by which any role could disable all triggers.
NOTHING_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""
SWITCH = "SELECT prosrc = 'SELECT false' FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'"
TOO_MUCH = {
    "it is a superuser or may make roles or databases": """
        SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication
        FROM pg_roles WHERE rolname = current_user""",
    "it owns tables": """
        SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER'))""",
    "it may empty or change tables": """
        SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public'
        AND has_table_privilege(format('%I.%I', schemaname, tablename), 'TRUNCATE, TRIGGER, REFERENCES'))""",
    "it may make things in the database": """
        SELECT has_schema_privilege('public', 'CREATE')
        OR has_database_privilege(current_database(), 'CREATE, TEMPORARY')""",
    "triggers are switched off": """
        SELECT EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D')""",
    "triggers can be switched off by pgtrigger.ignore": f"SELECT NOT COALESCE(({SWITCH}), true)",
}


def apply_rights(connection: BaseDatabaseWrapper) -> None:
    """Grant the portal's role its rights in this database, and revoke all others."""
    names = {
        "role": sql.Identifier(settings.APP_DATABASE_ROLE),
        "database": sql.Identifier(connection.settings_dict["NAME"]),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        _make_role(connection, cursor, names)
        for common in (COMMON, REFUSE_TRUNCATE, NOTHING_IGNORED):
            cursor.execute(sql.SQL(common).format(**names).as_string())
        for model in RULES:
            for restriction in _restrictions(model, names["role"]):
                cursor.execute(restriction.as_string())


def _make_role(connection: BaseDatabaseWrapper, cursor: Any, names: dict[str, sql.Identifier]) -> None:
    """Create the role; raise ImproperlyConfigured when it is missing and the owner may not create it."""
    cursor.execute(WHO)
    (owner, is_superuser, makes_roles), role = cursor.fetchone(), settings.APP_DATABASE_ROLE
    if owner == role:
        raise ImproperlyConfigured(
            f"`migrate` comes as the owner of the tables, and {role} is to own nothing."
        )
    if is_superuser or makes_roles:
        cursor.execute(sql.SQL(MAKE_ROLE).format(**names).as_string())
        _set_password(connection, cursor, names)
    if is_superuser:
        _lower_role(cursor, names)
    cursor.execute(IS_THERE, [role])
    if not cursor.fetchone()[0]:
        raise ImproperlyConfigured(
            f"{owner} may not make roles: let a superuser CREATE ROLE {role} LOGIN first."
        )


def _lower_role(cursor: Any, names: dict[str, sql.Identifier]) -> None:
    """Remove attributes such as SUPERUSER from the role, if it has any.

    A role belongs to all databases of a server, and two concurrent ALTER ROLE statements end in an error.
    """
    cursor.execute(IS_LOW, [settings.APP_DATABASE_ROLE])
    if not cursor.fetchone()[0]:
        cursor.execute(sql.SQL(LOWER_ROLE).format(**names).as_string())


def _set_password(connection: BaseDatabaseWrapper, cursor: Any, names: dict[str, sql.Identifier]) -> None:
    if password := settings.APP_DATABASE_PASSWORD:
        # Only the hash is sent, so that the password appears in no log.
        pgconn, role = connection.connection.pgconn, settings.APP_DATABASE_ROLE
        hashed = pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        alter = sql.SQL("ALTER ROLE {role} PASSWORD {hashed}").format(hashed=sql.Literal(hashed), **names)
        cursor.execute(alter.as_string())


def _restrictions(model: type, role: sql.Identifier) -> list[sql.Composable]:
    rule, table = RULES[model], sql.Identifier(model._meta.db_table)  # type: ignore[attr-defined]
    known = {"table": table, "role": role}
    found: list[sql.Composable] = [sql.SQL(NEVER_EMPTIED).format(**known)]
    if not rule.deletes:
        found.append(sql.SQL("REVOKE DELETE ON {table} FROM {role}").format(**known))
    if ALL not in rule.updates:
        found.append(sql.SQL("REVOKE UPDATE ON {table} FROM {role}").format(**known))
        columns = [sql.Identifier(column) for column in columns_of(model)]
        if columns:
            allowed = sql.SQL("GRANT UPDATE ({columns}) ON {table} TO {role}")
            found.append(allowed.format(columns=sql.SQL(", ").join(columns), **known))
    return found


def columns_of(model: type) -> list[str]:
    """Return the columns of an append-only model that the portal's role may update."""
    return [model._meta.get_field(name).column for name in RULES[model].updates]  # type: ignore[attr-defined]


def after_migrate(using: str, **_more: object) -> None:
    """Apply the rights at the end of `migrate`, in every database that has the tables."""
    connection = connections[using]
    if apps.get_model("accounts", "School")._meta.db_table in connection.introspection.table_names():
        with transaction.atomic(using=using):
            apply_rights(connection)


def faults(cursor: Any) -> list[str]:
    """Return in words what the role of this cursor may do but should not."""
    found = []
    for fault, query in TOO_MUCH.items():
        if cursor.execute(query).fetchone()[0]:
            found.append(fault)
    return found


def check_at_start() -> None:
    """Refuse to start as a role with too many rights; the demo only logs a warning.

    It opens and closes a connection of its own, because none may be open before the web process forks. A database that
    does not answer yet is no error.
    """
    params = connections["default"].get_connection_params() | {"connect_timeout": 4}
    try:
        with psycopg.connect(**params, autocommit=True) as connection:
            found = faults(connection.cursor())
    except psycopg.OperationalError:
        log.warning("The rights of the database role could not be looked at: the database does not answer.")
        return
    if not found:
        return
    said = (
        f"The role {params.get('user')!r} of DATABASE_URL may do too much: {', '.join(found)}. "
        f"Connect as {settings.APP_DATABASE_ROLE}, which `migrate` makes (docs/operations.md)."
    )
    if not settings.DEMO:
        raise ImproperlyConfigured(said)
    log.warning(said)
