import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import imaging.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0001_studies_and_ingest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeidentificationManifest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField(help_text="imaging.dicom.manifest.Manifest as JSON.")),
            ],
        ),
        migrations.CreateModel(
            name="ExclusionRule",
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
                ("centre_code", models.SlugField(blank=True, max_length=16)),
                (
                    "keyword",
                    models.CharField(help_text="DICOM keyword, such as PatientID.", max_length=64),
                ),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("equals", "is"),
                            ("starts_with", "begins with"),
                            ("word", "contains the word"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="IgnoredPosition",
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
                    "count",
                    models.PositiveIntegerField(
                        help_text="1 for a file by itself; for a zip archive the entries passed over."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartialUpload",
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
                ("position", models.PositiveIntegerField()),
                (
                    "name",
                    imaging.sealing.SealedTextField(help_text="As it came; sealed.", null=True),
                ),
                ("size_bytes", models.BigIntegerField()),
                ("begun_at", models.DateTimeField()),
                (
                    "ended_at",
                    models.DateTimeField(
                        help_text="When it went through the door, or was given up.", null=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Peer",
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
                ("name", models.SlugField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("dimse", "C-STORE"), ("dicomweb", "STOW-RS")], max_length=16
                    ),
                ),
                ("centre_code", models.SlugField(max_length=16)),
                ("calling_ae_title", models.CharField(blank=True, max_length=16)),
                ("called_ae_title", models.CharField(blank=True, max_length=16)),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        help_text="Address or CIDR network it calls from.",
                        max_length=43,
                    ),
                ),
                ("certificate_sha256", models.CharField(blank=True, max_length=64)),
                ("token_sha256", models.CharField(blank=True, max_length=64)),
                ("registered_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="QuarantineDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("released", "released"),
                            ("discarded", "discarded"),
                            ("expired", "discarded after its time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RemoteArchive",
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
                ("name", models.SlugField(max_length=64, unique=True)),
                ("centre_code", models.SlugField(max_length=16)),
                ("base_url", models.CharField(max_length=500)),
                (
                    "authentication",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("basic", "name and password"),
                            ("bearer", "token"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                (
                    "credential",
                    imaging.sealing.SealedTextField(
                        help_text="name:password, or the token; sealed.", null=True
                    ),
                ),
                (
                    "private_address_allowed",
                    models.BooleanField(
                        default=False, help_text="It stands in the hospital's own network."
                    ),
                ),
                ("registered_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StudyExclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("excluded_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="ingestrun",
            name="ingest_run_source_known",
        ),
        migrations.AddField(
            model_name="ingestrun",
            name="expected_files",
            field=models.PositiveIntegerField(
                help_text="How many files the sender announced; empty when it did not say.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="ingestrun",
            name="patients_confirmed_at",
            field=models.DateTimeField(
                help_text="When somebody said that it may hold more than one patient.", null=True
            ),
        ),
        migrations.AddField(
            model_name="ingestrun",
            name="patients_confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="instance",
            name="not_displayable",
            field=models.CharField(
                blank=True,
                help_text="Why the pixels cannot be shown; empty when they can.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="body_part",
            field=models.CharField(
                blank=True, help_text="Body Part Examined, from the closed list.", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="patient_birth_year",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="study",
            name="patient_sex",
            field=models.CharField(
                blank=True,
                help_text="M, F or O of the source; empty when it had none.",
                max_length=1,
            ),
        ),
        migrations.AlterField(
            model_name="ingestrun",
            name="source",
            field=models.CharField(
                choices=[
                    ("command_line", "command line"),
                    ("upload", "browser upload"),
                    ("watch_folder", "watched folder"),
                    ("c_store", "C-STORE"),
                    ("stow", "STOW-RS"),
                    ("pull", "DICOMweb pull"),
                    ("release", "release from quarantine"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("quarantine_key__isnull", False)),
                fields=("quarantine_key",),
                name="ingested_file_quarantined_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(("patient_sex__in", ["", "M", "F", "O"])),
                name="study_patient_sex_known",
            ),
        ),
        migrations.AddField(
            model_name="instance",
            name="manifest",
            field=models.ForeignKey(
                help_text="Empty for images stored before manifests were kept.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instances",
                to="imaging.deidentificationmanifest",
            ),
        ),
        migrations.AddField(
            model_name="exclusionrule",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ignoredposition",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ignored_positions",
                to="imaging.ingestrun",
            ),
        ),
        migrations.AddField(
            model_name="partialupload",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="partial_uploads",
                to="imaging.ingestrun",
            ),
        ),
        migrations.AddField(
            model_name="peer",
            name="registered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ingestrun",
            name="peer",
            field=models.ForeignKey(
                help_text="Who sent it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="imaging.peer",
            ),
        ),
        migrations.AddField(
            model_name="quarantinedecision",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quarantinedecision",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quarantine_decision",
                to="imaging.ingestedfile",
            ),
        ),
        migrations.AddField(
            model_name="quarantinedecision",
            name="released_file",
            field=models.OneToOneField(
                help_text="What became of it when it was taken in again.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="released_from",
                to="imaging.ingestedfile",
            ),
        ),
        migrations.AddField(
            model_name="remotearchive",
            name="registered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ingestrun",
            name="remote_archive",
            field=models.ForeignKey(
                help_text="Where it was pulled from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="imaging.remotearchive",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "command_line",
                            "upload",
                            "watch_folder",
                            "c_store",
                            "stow",
                            "pull",
                            "release",
                        ],
                    )
                ),
                name="ingest_run_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("remote_archive__isnull", False), ("source", "pull")),
                    models.Q(
                        models.Q(("source", "pull"), _negated=True),
                        ("remote_archive__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ingest_run_pull_names_archive",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("peer__isnull", True), ("source__in", ["c_store", "stow"]), _connector="OR"
                ),
                name="ingest_run_peer_sends",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "c_store"), _negated=True),
                    ("peer__isnull", False),
                    _connector="OR",
                ),
                name="ingest_run_c_store_names_peer",
            ),
        ),
        migrations.AddField(
            model_name="studyexclusion",
            name="excluded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="studyexclusion",
            name="study",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exclusion",
                to="imaging.study",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("match__in", ["equals", "starts_with", "word"])),
                name="exclusion_rule_match_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), models.Q(("keyword", ""), _negated=True)
                ),
                name="exclusion_rule_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusionrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("centre_code", "keyword", "match", "text"),
                name="exclusion_rule_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ignoredposition",
            constraint=models.UniqueConstraint(
                fields=("run", "position"), name="ignored_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ignoredposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gt", 0)), name="ignored_position_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.UniqueConstraint(
                fields=("run", "position"), name="partial_upload_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("size_bytes__gt", 0)), name="partial_upload_has_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("begun_at")),
                    _connector="OR",
                ),
                name="partial_upload_ended_after_begun",
            ),
        ),
        migrations.AddConstraint(
            model_name="peer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "dimse"),
                        ("token_sha256", ""),
                        models.Q(("calling_ae_title", ""), _negated=True),
                        models.Q(("called_ae_title", ""), _negated=True),
                        models.Q(("network", ""), _negated=True),
                    ),
                    models.Q(
                        ("called_ae_title", ""),
                        ("calling_ae_title", ""),
                        ("kind", "dicomweb"),
                        models.Q(("token_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="peer_can_be_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="peer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "dimse"), ("retired_at__isnull", True)),
                fields=("calling_ae_title", "called_ae_title", "network", "certificate_sha256"),
                name="peer_dimse_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="peer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "dicomweb")),
                fields=("token_sha256",),
                name="peer_token_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="quarantinedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "released"), ("released_file__isnull", False)),
                    models.Q(
                        ("decision__in", ["discarded", "expired"]), ("released_file__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="quarantine_decision_names_released_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="quarantinedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="quarantine_decision_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="remotearchive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("authentication", "none"), ("credential__isnull", True)),
                    models.Q(
                        ("authentication__in", ["basic", "bearer"]), ("credential__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="remote_archive_credential_where_needed",
            ),
        ),
        migrations.AddConstraint(
            model_name="studyexclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="study_exclusion_has_reason"
            ),
        ),
    ]
