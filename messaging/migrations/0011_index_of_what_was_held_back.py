from django.db import migrations, models

INDEX = models.Index(
    condition=models.Q(("withdrawn_because", "writer_removed")),
    fields=["author", "withdrawn_at"],
    name="message_held_back",
)


class Migration(migrations.Migration):
    atomic = False  # the index is built beside those who write, which no transaction allows

    dependencies = [
        ("messaging", "0010_conversation_number_tells_nothing"),
    ]

    operations = [
        migrations.RunSQL(
            "SET lock_timeout = '2s'; SET statement_timeout = '10min';", migrations.RunSQL.noop
        ),
        # Where building it was broken off, a useless index stays behind: it goes first.
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "message_held_back"', migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY "message_held_back" ON "messaging_message" ("author_id", "withdrawn_at")
            WHERE "withdrawn_because" = 'writer_removed'
            """,
            'DROP INDEX CONCURRENTLY IF EXISTS "message_held_back"',
            state_operations=[migrations.AddIndex("message", INDEX)],
        ),
        migrations.RunSQL("RESET lock_timeout; RESET statement_timeout;", migrations.RunSQL.noop),
    ]
