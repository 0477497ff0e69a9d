import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_refuse_replacement"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                django.db.models.functions.text.Length("registry_number"),
                models.F("registry_number"),
                name="patient_by_registry_number",
            ),
        ),
    ]
