"""Pixels that come again are compared byte for byte; a second hash of each image is not kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imaging", "0003_default_exclusion_rules")]

    operations = [
        # so that the step can be undone with rows there
        migrations.AlterField(
            "instance",
            "pixel_sha256",
            models.CharField(max_length=64, default=""),
        ),
        migrations.RemoveField("instance", "pixel_sha256"),
    ]
