"""The question that every door to a conversation asks, kept by the database: its plan is made once a connection."""

from django.db import migrations

TIE_IS_LIVE = """
CREATE OR REPLACE FUNCTION tie_is_live(of_pupil bigint, of_parent bigint, unrestricted boolean) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM classes_guardianship tie
        JOIN classes_contact adult ON adult.id = tie.contact_id
        JOIN accounts_user person ON person.id = adult.user_id
        JOIN classes_pupil child ON child.id = tie.pupil_id
        WHERE tie.pupil_id = of_pupil AND adult.user_id = of_parent
          AND tie.joined_at IS NOT NULL AND tie.ended_at IS NULL
          AND (tie.restriction = 'none' OR (tie.restriction <> 'no_access' AND NOT unrestricted))
          AND child.left_on IS NULL AND person.removed_at IS NULL AND person.is_active
    );
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("classes", "0003_codes_under_suspicion_and_orders_decided")]

    operations = [
        # Better to fail and be run again than to hold up whoever reads meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.RunSQL(TIE_IS_LIVE, "DROP FUNCTION IF EXISTS tie_is_live(bigint, bigint, boolean)"),
    ]
