"""Make the behaviours that the policy names."""

from django.db import migrations

# (group, icon, points, English, Welsh)
BEHAVIOURS = [
    ("learning", "listening", 1, "Good listening", "Gwrando da"),
    ("learning", "ready", 1, "Ready to learn", "Barod i ddysgu"),
    ("learning", "effort", 1, "Effort", "Ymdrech"),
    ("learning", "achievement", 1, "Achievement", "Cyflawniad"),
    ("learning", "together", 1, "Working together", "Cydweithio"),
    ("kindness", "sharing", 1, "Sharing", "Rhannu"),
    ("kindness", "helping", 1, "Helping others", "Helpu eraill"),
    ("inspire", "inspire", 1, "Imagine", "Dychmygu"),
    ("inspire", "inspire", 1, "Nurture", "Meithrin"),
    ("inspire", "inspire", 1, "Support", "Cefnogi"),
    ("inspire", "inspire", 1, "Persevere", "Dyfalbarhau"),
    ("inspire", "inspire", 1, "Include", "Cynnwys"),
    ("inspire", "inspire", 1, "Respect", "Parchu"),
    ("inspire", "inspire", 1, "Enjoy", "Mwynhau"),
    ("home", "homework", 2, "Home learning task", "Tasg dysgu gartref"),
    ("home", "book", 1, "Reading at home", "Darllen gartref"),
    ("cymraeg", "chat", 1, "Speaking Welsh", "Siarad Cymraeg"),
]


def begin(apps, schema_editor):
    behaviour = apps.get_model("points", "Behaviour")
    if behaviour.objects.exists():
        return
    behaviour.objects.bulk_create(
        behaviour(group=group, icon=icon, points=points, name_en=english, name_cy=welsh, order=index)
        for index, (group, icon, points, english, welsh) in enumerate(BEHAVIOURS)
    )


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
