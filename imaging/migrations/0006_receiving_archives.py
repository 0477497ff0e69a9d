"""Which archives receive reads; those registered before receive nothing."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0005_dicomweb_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="remotearchive",
            name="receives",
            field=models.CharField(
                choices=[
                    ("nothing", "nothing"),
                    ("reads", "reads"),
                    ("images", "reads and their images"),
                ],
                default="nothing",
                help_text="What may be stored there; images only with the read that refers to them.",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="remotearchive",
            constraint=models.CheckConstraint(
                condition=models.Q(("receives__in", ["nothing", "reads", "images"])),
                name="remote_archive_receives_known",
            ),
        ),
    ]
