from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_calendar_is_right")]

    operations = [
        # Better to fail and be run again than to hold up whoever writes meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            # school_now() stands still from the beginning of a transaction; this goes on, whatever it waited for.
            "CREATE OR REPLACE FUNCTION school_instant() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
            "$$SELECT school_now() + (clock_timestamp() - transaction_timestamp())$$",
            "DROP FUNCTION IF EXISTS school_instant()",
        ),
    ]
