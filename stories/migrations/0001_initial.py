import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import malpas.lib.db.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("classes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(max_length=5000, verbose_name="words")),
                ("key", models.UUIDField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="written"),
                ),
                ("release_at", models.DateTimeField(verbose_name="goes out")),
                ("announced_at", models.DateTimeField(blank=True, null=True, verbose_name="announced")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden")),
                ("taken_down_at", models.DateTimeField(blank=True, null=True, verbose_name="taken down")),
                ("corrected_at", models.DateTimeField(blank=True, null=True, verbose_name="corrected")),
                (
                    "corrected_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="corrected by",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "classroom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="classes.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="accounts.staffmember",
                        verbose_name="member of staff",
                    ),
                ),
                (
                    "taken_down_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="taken down by",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("alt", models.CharField(max_length=200, verbose_name="what the photo shows")),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="stories.post"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FeedMark",
            fields=[
                (
                    "reader",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "newsfeed looked at",
                "verbose_name_plural": "newsfeeds looked at",
            },
        ),
        migrations.CreateModel(
            name="UnsentPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField(max_length=32, unique=True)),
                ("alt", models.TextField(blank=True, db_default="", default="", max_length=200)),
                ("width", models.BigIntegerField()),
                ("height", models.BigIntegerField()),
                ("added_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["classroom", "-release_at", "-id"], name="post_of_class"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["-release_at", "-id"], name="post_newest"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("author", "key"), name="post_once"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("release_at__gte", models.F("written_at"))),
                name="post_arrives_after_written",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__regex", "\\S"), ("body__regex", "\\S")), name="post_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_down_at__isnull", True), ("taken_down_by__isnull", True)),
                    models.Q(("taken_down_at__isnull", False), ("taken_down_by__isnull", False)),
                    _connector="OR",
                ),
                name="post_taken_down_by_somebody",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="post_author_is_no_pupil",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'pupil') THEN\n                    RAISE EXCEPTION 'post_author_is_no_pupil' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="b20763581a00285ec6caeb32adaace880c6657a1",
                    operation='INSERT OR UPDATE OF "author_id"',
                    pgid="pgtrigger_post_author_is_no_pupil_145a3",
                    table="stories_post",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="post_stays_taken_down",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."taken_down_at" IS NOT NULL)',
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "taken_down_at", "taken_down_by_id" rows from % table\', TG_TABLE_NAME;',
                    hash="9f71fc3c615ca5b1a2f84b0f47b88b404cbb8484",
                    operation='UPDATE OF "taken_down_at", "taken_down_by_id"',
                    pgid="pgtrigger_post_stays_taken_down_1b9ff",
                    table="stories_post",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="post_stays_once_it_arrived",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."withdrawn_at" IS NULL)',
                    func="\n                IF OLD.release_at <= school_instant() AND (\n                    NEW.staff_id <> OLD.staff_id OR NEW.release_at > OLD.release_at OR NEW.withdrawn_at IS NOT NULL\n                    OR (NEW.title, NEW.body) IS DISTINCT FROM (OLD.title, OLD.body)\n                        AND NEW.corrected_at IS NOT DISTINCT FROM OLD.corrected_at\n                ) THEN\n                    RAISE EXCEPTION 'post_stays_once_it_arrived' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="f759d76645b5004c41250523a9fad5c37f07d0a8",
                    operation='UPDATE OF "title", "body", "staff_id", "release_at", "withdrawn_at"',
                    pgid="pgtrigger_post_stays_once_it_arrived_84d0c",
                    table="stories_post",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="post",
            trigger=pgtrigger.compiler.Trigger(
                name="post_keeps_earlier_words",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF (NEW.corrected_at, NEW.corrected_by_id)\n                    IS NOT DISTINCT FROM (OLD.corrected_at, OLD.corrected_by_id) THEN\n                    RETURN NEW;\n                ELSIF OLD.release_at > school_instant() OR (NEW.title, NEW.body) = (OLD.title, OLD.body) THEN\n                    RAISE EXCEPTION 'post_keeps_earlier_words' USING ERRCODE = 'check_violation';\n                END IF;\n                INSERT INTO stories_earlierwords (post_id, title, body, replaced_at, replaced_by_id)\n                VALUES (OLD.id, OLD.title, OLD.body, NEW.corrected_at, NEW.corrected_by_id);\n                RETURN NEW;\n                ",
                    hash="cd5bcb4cde242c01af308f40b369ef0bceeb0864",
                    operation='UPDATE OF "title", "body", "corrected_at", "corrected_by_id"',
                    pgid="pgtrigger_post_keeps_earlier_words_e438e",
                    table="stories_post",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="EarlierWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(max_length=5000, verbose_name="words")),
                ("replaced_at", models.DateTimeField(verbose_name="corrected")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_words",
                        to="stories.post",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="corrected by",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier words of a story",
                "verbose_name_plural": "earlier words of stories",
                "ordering": ["-replaced_at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrected_at__isnull", True), ("corrected_by__isnull", True)),
                    models.Q(("corrected_at__isnull", False), ("corrected_by__isnull", False)),
                    _connector="OR",
                ),
                name="post_corrected_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("alt__regex", "\\S")), name="photo_has_description"
            ),
        ),
    ]
