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
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(unique=True)),
                ("notified_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("families", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "parcel of news about points",
                "verbose_name_plural": "parcels of news about points",
                "ordering": ["-until"],
            },
        ),
        migrations.CreateModel(
            name="Behaviour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                ("name_cy", models.CharField(max_length=60, verbose_name="name in Welsh")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("learning", "Learning"),
                            ("kindness", "Kindness"),
                            ("inspire", "INSPIRE"),
                            ("home", "Home learning"),
                            ("cymraeg", "Cymraeg"),
                        ],
                        max_length=10,
                        verbose_name="group",
                    ),
                ),
                ("icon", models.CharField(default="star", max_length=20, verbose_name="icon")),
                ("points", models.PositiveSmallIntegerField(default=1, verbose_name="points")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
            ],
            options={
                "verbose_name": "behaviour",
                "verbose_name_plural": "behaviours",
                "ordering": ["group", "order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1), ("points__lte", 5)),
                        name="behaviour_points_1_to_5",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("initials", models.BooleanField(default=False, verbose_name="initials")),
                ("goal", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="goal")),
                (
                    "goal_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="goal counted since"),
                ),
                (
                    "classroom",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="board_settings",
                        to="classes.classroom",
                        verbose_name="class",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of a board",
                "verbose_name_plural": "settings of boards",
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="points")),
                ("note", models.CharField(blank=True, max_length=140, verbose_name="in their own words")),
                (
                    "given_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="given"),
                ),
                (
                    "release_at",
                    models.DateTimeField(
                        db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="families see it from"
                    ),
                ),
                ("key", models.UUIDField()),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "account",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="classes.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="accounts.staffmember",
                        verbose_name="given by",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="classes.pupil",
                        verbose_name="pupil",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="undone by",
                    ),
                ),
                (
                    "behaviour",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="points.behaviour",
                        verbose_name="behaviour",
                    ),
                ),
            ],
            options={
                "verbose_name": "award",
                "verbose_name_plural": "awards",
                "indexes": [
                    models.Index(fields=["pupil", "-given_at"], name="award_of_pupil"),
                    models.Index(fields=["classroom", "-given_at"], name="award_of_class"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 1), ("points__lte", 5)), name="award_points_1_to_5"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="award_undo_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("release_at__gte", models.F("given_at"))),
                        name="award_released_after_given",
                    ),
                    models.UniqueConstraint(fields=("account", "key", "pupil"), name="award_once"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="award_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f37750f99d65cd3ce041445c1c4ea8a8db5d24e9",
                    operation="DELETE",
                    pgid="pgtrigger_award_is_never_deleted_67543",
                    table="points_award",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="award_starts_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NEW.undone_at IS NOT NULL OR NEW.given_at > school_now() THEN\n                    RAISE EXCEPTION 'award_starts_counted' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="3054567a84b97d472e5fb66863ba247f2de1fb51",
                    operation="INSERT",
                    pgid="pgtrigger_award_starts_counted_25060",
                    table="points_award",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="award_only_undo_within_ten_minutes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF ROW(NEW.id, NEW.pupil_id, NEW.behaviour_id, NEW.points, NEW.note, NEW.classroom_id,\n                       NEW.given_by_id, NEW.account_id, NEW.given_at, NEW.key)\n                   IS NOT DISTINCT FROM\n                   ROW(OLD.id, OLD.pupil_id, OLD.behaviour_id, OLD.points, OLD.note, OLD.classroom_id,\n                       OLD.given_by_id, OLD.account_id, OLD.given_at, OLD.key) THEN\n                    IF OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL\n                       AND OLD.given_at > school_now() - interval '10 minutes'\n                       AND NEW.release_at = OLD.release_at THEN\n                        NEW.undone_at = school_now();\n                        RETURN NEW;\n                    ELSIF OLD.release_at > school_instant()\n                       AND ROW(NEW.undone_at, NEW.undone_by_id)\n                           IS NOT DISTINCT FROM ROW(OLD.undone_at, OLD.undone_by_id) THEN\n                        RETURN NEW;\n                    END IF;\n                END IF;\n                RAISE EXCEPTION 'award_only_undo_within_ten_minutes' USING ERRCODE = 'check_violation';\n                ",
                    hash="aa21742ad7d208d3cba217e83c1e12ed872e2ff8",
                    operation="UPDATE",
                    pgid="pgtrigger_award_only_undo_within_ten_minutes_9be4f",
                    table="points_award",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="boardsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("goal__isnull", True), ("goal_since__isnull", True)),
                    models.Q(
                        ("goal__gte", 1),
                        ("goal__isnull", False),
                        ("goal__lte", 10000),
                        ("goal_since__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="board_goal_is_reachable_and_dated",
            ),
        ),
    ]
