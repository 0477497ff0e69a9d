"""What DICOMweb gives out: metadata kept for series, who fetched what, and what tokens may do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0004_compare_pixel_bytes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SeriesMetadata",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "instances",
                    models.PositiveIntegerField(help_text="How many are in the content."),
                ),
                (
                    "content_format",
                    models.PositiveSmallIntegerField(help_text="imaging.dicom.dicom_json.FORMAT"),
                ),
                (
                    "instances_sha256",
                    models.CharField(
                        help_text="Of the hashes of the stored files, in order.", max_length=64
                    ),
                ),
                ("content", models.BinaryField(help_text="A header a line, DICOM JSON, gzip.")),
                ("built_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "series metadata",
            },
        ),
        migrations.CreateModel(
            name="StudyRetrieval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("retrieved_on", models.DateField(help_text="In UTC.")),
            ],
        ),
        migrations.AddField(
            model_name="peer",
            name="may_read",
            field=models.BooleanField(
                default=False,
                help_text="Search for the stored studies of its centre and fetch them.",
            ),
        ),
        migrations.AddField(
            model_name="peer",
            name="may_send",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="peer",
            name="kind",
            field=models.CharField(
                choices=[("dimse", "C-STORE"), ("dicomweb", "DICOMweb")], max_length=16
            ),
        ),
        migrations.AddConstraint(
            model_name="peer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("may_read", False), ("may_send", True)),
                    models.Q(("kind", "dicomweb"), ("may_read", True)),
                    _connector="OR",
                ),
                name="peer_may_do_something",
            ),
        ),
        migrations.AddField(
            model_name="seriesmetadata",
            name="series",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="metadata",
                to="imaging.series",
            ),
        ),
        migrations.AddField(
            model_name="studyretrieval",
            name="peer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="retrievals",
                to="imaging.peer",
            ),
        ),
        migrations.AddField(
            model_name="studyretrieval",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="retrievals",
                to="imaging.study",
            ),
        ),
        migrations.AddConstraint(
            model_name="studyretrieval",
            constraint=models.UniqueConstraint(
                fields=("peer", "study", "retrieved_on"), name="study_retrieval_once_a_day"
            ),
        ),
    ]
