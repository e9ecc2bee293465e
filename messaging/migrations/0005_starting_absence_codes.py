"""The letters that a school starts with; it changes them in the records. None says that an absence is authorised."""

from django.db import migrations

CODES = [
    ("I", "Illness", "Salwch", "ill"),
    ("M", "Medical or dental appointment", "Apwyntiad meddygol neu ddeintyddol", ""),
]


def begin(apps, schema_editor):
    model = apps.get_model("messaging", "AbsenceCode")
    for code, name_en, name_cy, reason in CODES:
        model.objects.create(code=code, name_en=name_en, name_cy=name_cy, for_reason=reason)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_office_answers_stages_and_clues")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
