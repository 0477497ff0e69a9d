import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import imaging.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Instance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sop_instance_uid", models.CharField(max_length=64, unique=True)),
                ("sop_class_uid", models.CharField(max_length=64)),
                ("transfer_syntax_uid", models.CharField(max_length=64)),
                ("instance_number", models.IntegerField(null=True)),
                ("stored_sha256", models.CharField(max_length=64)),
                ("stored_bytes", models.BigIntegerField()),
                ("pixel_sha256", models.CharField(max_length=64)),
                (
                    "pixel_offset",
                    models.BigIntegerField(help_text="Bytes before the pixel value in the file."),
                ),
                ("pixel_length", models.BigIntegerField(help_text="Bytes of the pixel value.")),
                ("frames", models.PositiveIntegerField()),
                ("attributes", models.JSONField(help_text="InstanceAttributes as JSON.")),
                (
                    "slice_index",
                    models.PositiveIntegerField(
                        help_text="Place along the series normal, from 0; empty until judged.",
                        null=True,
                    ),
                ),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("series_instance_uid", models.CharField(max_length=64, unique=True)),
                ("series_number", models.IntegerField(null=True)),
                ("modality", models.CharField(max_length=16)),
                ("geometry_codes", models.JSONField(default=list)),
                (
                    "geometry",
                    models.JSONField(
                        default=dict,
                        help_text="The verdict in full: spacing_mm, smallest and largest spacing, sentences.",
                    ),
                ),
                ("mpr_allowed", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "series",
            },
        ),
        migrations.CreateModel(
            name="IngestRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("centre_code", models.SlugField(max_length=16)),
                (
                    "source",
                    models.CharField(
                        choices=[("command_line", "command line"), ("upload", "browser upload")],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "ignored_count",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Files that are no images and carry no finding: DICOMDIR, .DS_Store …",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        help_text="Empty when the command line started it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IngestedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(help_text="Place in the delivery, from 1."),
                ),
                (
                    "entry",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Place inside the zip archive at that position, from 1; 0 otherwise.",
                    ),
                ),
                (
                    "name",
                    imaging.sealing.SealedTextField(
                        help_text="File name as it came; sealed, as file names carry patient names.",
                        null=True,
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("indexed", "indexed"),
                            ("duplicate", "duplicate"),
                            ("conflict", "conflict"),
                            ("quarantined", "quarantined"),
                            ("rejected", "rejected"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason_code", models.SlugField(blank=True, max_length=64)),
                (
                    "quarantine_key",
                    models.UUIDField(
                        help_text="Name of the kept bytes in the quarantine folder.", null=True
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="imaging.ingestrun",
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        help_text="The stored instance: new, the same, or the one this file contradicts.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.instance",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="instance",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instances",
                to="imaging.series",
            ),
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("centre_code", models.SlugField(max_length=16)),
                ("study_instance_uid", models.CharField(max_length=64, unique=True)),
                (
                    "subject_key",
                    models.CharField(
                        help_text="Keyed hash of the source's Patient ID; empty when the source had none.",
                        max_length=64,
                        null=True,
                    ),
                ),
                ("study_date", models.DateField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "studies",
                "indexes": [
                    models.Index(fields=["centre_code", "subject_key"], name="study_by_subject"),
                    models.Index(fields=["centre_code", "-received_at"], name="study_by_arrival"),
                ],
            },
        ),
        migrations.AddField(
            model_name="series",
            name="study",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="series",
                to="imaging.study",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["command_line", "upload"])),
                name="ingest_run_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True),
                    ("finished_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="ingest_run_finished_after_started",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestedfile",
            constraint=models.UniqueConstraint(
                fields=("run", "position", "entry"), name="ingested_file_once_per_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("instance__isnull", False),
                        ("result__in", ["indexed", "duplicate", "conflict"]),
                    ),
                    models.Q(
                        ("instance__isnull", True), ("result__in", ["quarantined", "rejected"])
                    ),
                    _connector="OR",
                ),
                name="ingested_file_names_its_instance",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason_code", ""), ("result__in", ["indexed", "duplicate"])),
                    models.Q(
                        ("result__in", ["conflict", "quarantined", "rejected"]),
                        models.Q(("reason_code", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ingested_file_refusal_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("quarantine_key__isnull", False),
                        ("result__in", ["conflict", "quarantined"]),
                    ),
                    models.Q(
                        ("quarantine_key__isnull", True),
                        ("result__in", ["indexed", "duplicate", "rejected"]),
                    ),
                    _connector="OR",
                ),
                name="ingested_file_quarantine_kept",
            ),
        ),
        migrations.AddIndex(
            model_name="instance",
            index=models.Index(fields=["series", "slice_index"], name="instance_by_slice"),
        ),
    ]
