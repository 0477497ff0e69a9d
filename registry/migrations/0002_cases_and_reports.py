import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import imaging.sealing
import registry.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0001_studies_and_ingest"),
        ("registry", "0001_people_and_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("protocol_key", models.CharField(max_length=48)),
                ("protocol_version", models.CharField(max_length=16)),
                ("filters", models.JSONField()),
                ("as_of", models.DateField()),
                ("facts", models.JSONField()),
                ("facts_sha256", models.CharField(max_length=64)),
                ("results", models.JSONField()),
                ("results_sha256", models.CharField(max_length=64)),
                ("code_version", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=120)),
                ("frozen_at", models.DateTimeField()),
                (
                    "centres",
                    models.ManyToManyField(related_name="audit_reports", to="registry.centre"),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-frozen_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ContrastStudy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                ("performed_on", models.DateField()),
                (
                    "modality",
                    models.CharField(choices=registry.vocabulary.Modality.choices, max_length=32),
                ),
                (
                    "guidance",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.AccessGuidance.choices,
                        max_length=32,
                    ),
                ),
                (
                    "needle",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.AccessNeedle.choices,
                        max_length=24,
                    ),
                ),
                (
                    "aspiration",
                    models.CharField(
                        choices=registry.vocabulary.AspirationResult.choices,
                        max_length=16,
                    ),
                ),
                (
                    "aspirated_ml",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=registry.vocabulary.StudyOutcomeCode.choices,
                        max_length=32,
                    ),
                ),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.StopReason.choices,
                        max_length=24,
                        null=True,
                    ),
                ),
                ("stop_reason_text", models.CharField(blank=True, max_length=200)),
                (
                    "contrast_injected",
                    models.CharField(
                        choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "contrast_product",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.ContrastProduct.choices,
                        max_length=32,
                        null=True,
                    ),
                ),
                (
                    "mg_iodine_per_ml",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="iodine, mg per ml"
                    ),
                ),
                (
                    "contrast_ml",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
                (
                    "delay_min",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="From injection to CT.", null=True
                    ),
                ),
                (
                    "prime_bolus_given",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                    ),
                ),
                (
                    "adverse_event",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.StudyAdverseEvent.choices,
                        max_length=24,
                    ),
                ),
                ("adverse_event_text", models.CharField(blank=True, max_length=200)),
                (
                    "next_step",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.NextStep.choices,
                        max_length=48,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "contrast studies",
                "ordering": ["performed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                (
                    "registry_number",
                    models.CharField(editable=False, max_length=16, unique=True),
                ),
                (
                    "subject_key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Keyed hash of the hospital's own patient number.",
                        max_length=64,
                        null=True,
                    ),
                ),
                (
                    "sex",
                    models.CharField(choices=registry.vocabulary.Sex.choices, max_length=16),
                ),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "diagnosis",
                    models.CharField(choices=registry.vocabulary.Diagnosis.choices, max_length=32),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.Origin.choices,
                        max_length=16,
                    ),
                ),
                (
                    "tone_pattern",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.TonePattern.choices,
                        max_length=16,
                    ),
                ),
                (
                    "gmfcs",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.GmfcsLevel.choices,
                        max_length=16,
                        verbose_name="GMFCS",
                    ),
                ),
                (
                    "ambulatory",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                    ),
                ),
                (
                    "gastrostomy",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                    ),
                ),
                (
                    "epilepsy",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                    ),
                ),
                (
                    "spinal_fusion",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                    ),
                ),
                (
                    "weight_kg",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True),
                ),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.ConsentStatus.choices,
                        max_length=16,
                    ),
                ),
                ("died_on", models.DateField(blank=True, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="registry.centre",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PatientIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", imaging.sealing.SealedTextField(null=True)),
                ("local_number", imaging.sealing.SealedTextField(null=True)),
                (
                    "birth_date",
                    imaging.sealing.SealedTextField(help_text="ISO date", null=True),
                ),
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity",
                        to="registry.patient",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "patient identities",
            },
        ),
        migrations.CreateModel(
            name="Read",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                (
                    "source",
                    models.CharField(choices=registry.vocabulary.ReadSource.choices, max_length=24),
                ),
                ("vocabulary_version", models.CharField(max_length=8)),
                (
                    "information_shown",
                    models.JSONField(
                        help_text="Codes of InformationShown: what the reader could see besides the images."
                    ),
                ),
                (
                    "adequacy",
                    models.CharField(
                        choices=registry.vocabulary.ReadAdequacy.choices, max_length=24
                    ),
                ),
                (
                    "certainty",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1 · definitely absent"),
                            (2, "2 · probably absent"),
                            (3, "3 · equivocal"),
                            (4, "4 · probably present"),
                            (5, "5 · definitely present"),
                        ],
                        help_text="1 to 5; empty = not assessed.",
                        null=True,
                    ),
                ),
                (
                    "tip_level",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.SpinalLevel.choices,
                        max_length=8,
                    ),
                ),
                ("remarks", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("correction_reason", models.CharField(blank=True, max_length=200)),
                (
                    "contrast_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to="registry.contraststudy",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="registry.read",
                    ),
                ),
            ],
            options={
                "ordering": ["signed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ImagingFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.ImagingFindingCode.choices,
                        max_length=32,
                    ),
                ),
                ("is_primary", models.BooleanField()),
                (
                    "read",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.read",
                    ),
                ),
            ],
            options={
                "ordering": ["-is_primary", "id"],
            },
        ),
        migrations.CreateModel(
            name="RevisionCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                (
                    "opened_on",
                    models.DateField(help_text="The day the problem was first raised."),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=registry.vocabulary.CaseTrigger.choices, max_length=32
                    ),
                ),
                (
                    "withdrawal_severity",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.WithdrawalSeverity.choices,
                        max_length=16,
                    ),
                ),
                ("remarks", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.CaseOutcome.choices,
                        max_length=32,
                        null=True,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="registry.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PresentingSign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.PresentingSign.choices,
                        max_length=48,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presenting_signs",
                        to="registry.revisioncase",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contrast_studies",
                to="registry.revisioncase",
            ),
        ),
        migrations.CreateModel(
            name="RevisionSurgery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                ("performed_on", models.DateField()),
                (
                    "indication",
                    models.CharField(
                        choices=registry.vocabulary.RevisionIndication.choices,
                        max_length=48,
                    ),
                ),
                (
                    "secondary_indication",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.RevisionIndication.choices,
                        max_length=48,
                    ),
                ),
                (
                    "planned",
                    models.CharField(choices=registry.vocabulary.Planning.choices, max_length=16),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.Urgency.choices,
                        max_length=16,
                    ),
                ),
                (
                    "imaging_known",
                    models.CharField(
                        choices=registry.vocabulary.ImagingKnown.choices,
                        max_length=16,
                        verbose_name="surgeon knew the CT result",
                    ),
                ),
                ("remarks", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surgeries",
                        to="registry.revisioncase",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "revision surgeries",
                "ordering": ["performed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "code",
                    models.CharField(choices=registry.vocabulary.Procedure.choices, max_length=48),
                ),
                (
                    "surgery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedures",
                        to="registry.revisionsurgery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntraoperativeFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "component",
                    models.CharField(
                        choices=registry.vocabulary.ComponentKind.choices, max_length=16
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=registry.vocabulary.IntraoperativeStatus.choices,
                        max_length=16,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.IntraoperativeFindingCode.choices,
                        max_length=48,
                        null=True,
                    ),
                ),
                (
                    "site",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.IntraoperativeSite.choices,
                        max_length=32,
                    ),
                ),
                (
                    "how_proven",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.ProofMethod.choices,
                        max_length=48,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "surgery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.revisionsurgery",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=registry.vocabulary.ComponentKind.choices, max_length=16
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.DeviceModel.choices,
                        max_length=32,
                    ),
                ),
                (
                    "model_text",
                    models.CharField(
                        blank=True,
                        help_text="As on the label, where the list has no such model.",
                        max_length=80,
                    ),
                ),
                (
                    "serial_number",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="serial or lot number"
                    ),
                ),
                (
                    "udi",
                    models.CharField(blank=True, max_length=120, verbose_name="UDI"),
                ),
                ("implanted_on", models.DateField(blank=True, null=True)),
                (
                    "implanted_on_precision",
                    models.CharField(
                        choices=registry.vocabulary.DatePrecision.choices,
                        default="day",
                        max_length=16,
                    ),
                ),
                ("removed_on", models.DateField(blank=True, null=True)),
                (
                    "removal_reason",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.RevisionIndication.choices,
                        max_length=48,
                    ),
                ),
                (
                    "length_cm",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True),
                ),
                (
                    "trimmed_cm",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True),
                ),
                (
                    "ml_per_cm",
                    models.DecimalField(blank=True, decimal_places=5, max_digits=6, null=True),
                ),
                (
                    "reservoir_ml",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "entry_level",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.SpinalLevel.choices,
                        max_length=8,
                    ),
                ),
                (
                    "tip_level",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.SpinalLevel.choices,
                        max_length=8,
                    ),
                ),
                (
                    "as_designed",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.AsDesigned.choices,
                        max_length=24,
                    ),
                ),
                (
                    "second_pump_declared",
                    models.BooleanField(
                        default=False,
                        help_text="The patient really has two pumps at once.",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="registry.patient",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placed_components",
                        to="registry.revisionsurgery",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removed_components",
                        to="registry.revisionsurgery",
                    ),
                ),
            ],
            options={
                "ordering": ["implanted_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="StudyLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "synthetic_fields",
                    models.JSONField(blank=True, default=list, editable=False),
                ),
                (
                    "subject_agrees",
                    models.CharField(
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        help_text="Whether the subject keys of images and patient are equal.",
                        max_length=16,
                    ),
                ),
                ("override_reason", models.CharField(blank=True, max_length=200)),
                (
                    "contrast_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="study_links",
                        to="registry.contraststudy",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="imaging.study",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkupStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=registry.vocabulary.WorkupStep.choices, max_length=32),
                ),
                ("performed_on", models.DateField()),
                (
                    "result",
                    models.CharField(
                        choices=registry.vocabulary.WorkupResult.choices, max_length=32
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workup_steps",
                        to="registry.revisioncase",
                    ),
                ),
            ],
            options={
                "ordering": ["performed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ImagingFindingSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.ImagingSite.choices, max_length=48
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="registry.imagingfinding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                (
                                    "intrathecal_at_tip",
                                    "tip_level",
                                    "intrathecal_focal_unilateral",
                                    "suspected_subdural",
                                    "pump_pocket_around_pump",
                                    "lumbar_canal_below_entry",
                                    "lumbar_outside_canal",
                                    "pump_catheter_connector",
                                    "segment_splice_connector",
                                    "along_subcutaneous_tunnel",
                                    "anchor_site",
                                    "dorsal_dural",
                                    "epidural",
                                    "mid_spinal_segment",
                                    "pump_segment",
                                    "no_opacification",
                                    "tip_subdural",
                                    "tip_epidural",
                                    "tip_paraspinal",
                                    "tip_foraminal",
                                    "tip_vascular",
                                    "other",
                                ),
                            )
                        ),
                        name="imaging_finding_site_known",
                    ),
                    models.UniqueConstraint(
                        fields=("finding", "code"), name="imaging_finding_site_once"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject_key__isnull", False)),
                fields=("centre", "subject_key"),
                name="patient_once_per_centre",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("birth_year__isnull", True),
                    models.Q(("birth_year__gte", 1900), ("birth_year__lte", 2100)),
                    _connector="OR",
                ),
                name="patient_birth_year_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weight_kg__isnull", True),
                    models.Q(("weight_kg__gte", 1), ("weight_kg__lte", 300)),
                    _connector="OR",
                ),
                name="patient_weight_kg_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ("female", "male", "indeterminate", "unknown"))),
                name="patient_sex_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "diagnosis__in",
                        (
                            "cp_spastic",
                            "cp_dyskinetic",
                            "cp_mixed",
                            "cp_ataxic",
                            "dystonia_primary",
                            "dystonia_secondary",
                            "sci_traumatic",
                            "sci_nontraumatic",
                            "ms",
                            "stroke",
                            "tbi",
                            "hypoxic_bi",
                            "hsp",
                            "crps",
                            "nbia_metabolic",
                            "leukodystrophy",
                            "als_pls",
                            "stiff_person",
                            "tumour_spine",
                            "myelitis",
                            "syrinx",
                            "other",
                            "unknown",
                        ),
                    )
                ),
                name="patient_diagnosis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ("images_here", "report_abstracted"))),
                name="read_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "adequacy__in",
                        ("adequate", "limited", "inadequate", "not_assessed"),
                    )
                ),
                name="read_adequacy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("certainty__isnull", True),
                    models.Q(("certainty__gte", 1), ("certainty__lte", 5)),
                    _connector="OR",
                ),
                name="read_certainty_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at__isnull", True),
                    ("signed_at__isnull", True),
                    ("signed_at__gte", models.F("opened_at")),
                    _connector="OR",
                ),
                name="read_signed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True),
                    models.Q(("correction_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="read_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("contrast_study", "reader"),
                name="read_one_per_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="imagingfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "normal_crescent",
                            "inadequate_pooling",
                            "leak",
                            "occlusion",
                            "malposition",
                            "indeterminate",
                        ),
                    )
                ),
                name="imaging_finding_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="imagingfinding",
            constraint=models.UniqueConstraint(
                fields=("read", "code"), name="imaging_finding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="imagingfinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("read",),
                name="imaging_finding_one_primary",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "trigger__in",
                        (
                            "suspected_malfunction",
                            "planned_replacement",
                            "infection",
                            "other",
                        ),
                    )
                ),
                name="case_trigger_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        (
                            "resolved_by_surgery",
                            "resolved_without_surgery",
                            "replaced_as_planned",
                            "unresolved",
                            "therapy_ended",
                            "transferred",
                            "lost_to_follow_up",
                            "died",
                            "other",
                        ),
                    )
                ),
                name="case_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_on__isnull", True),
                    ("closed_on__isnull", True),
                    ("closed_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="case_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("outcome__isnull", True)),
                    models.Q(("closed_on__isnull", False), ("outcome__isnull", False)),
                    _connector="OR",
                ),
                name="case_closed_with_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="presentingsign",
            constraint=models.UniqueConstraint(
                fields=("case", "code"), name="presenting_sign_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="presentingsign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "tone_increase",
                            "spasm_increase",
                            "dystonia_increase",
                            "function_loss",
                            "pain_increase",
                            "sleep_disturbance",
                            "dose_escalation_no_effect",
                            "speech_or_swallow_worse",
                            "pruritus_no_rash",
                            "fever",
                            "tachycardia",
                            "bp_labile",
                            "piloerection",
                            "sweating",
                            "agitation",
                            "hallucinations",
                            "seizure",
                            "rigidity",
                            "reduced_consciousness",
                            "ck_raised",
                            "rhabdomyolysis",
                            "dic_or_mof",
                            "death",
                            "hypotonia",
                            "drowsiness",
                            "coma",
                            "respiratory_depression",
                            "hypotension",
                            "bradycardia",
                            "vomiting",
                            "wound_erythema",
                            "dehiscence",
                            "discharge",
                            "pocket_collection",
                            "meningitis",
                            "skin_erosion",
                            "postural_headache",
                            "csf_wound_leak",
                            "pseudomeningocele",
                            "alarm_noncritical",
                            "alarm_critical",
                            "residual_high",
                            "residual_low",
                            "difficult_refill",
                            "pump_flip_suspected",
                            "pump_palpably_mobile",
                            "pocket_fluid",
                            "noxious_stimulus",
                            "disease_progression",
                            "tolerance",
                            "programming_error",
                            "drug_error",
                            "missed_refill",
                            "other",
                        ),
                    )
                ),
                name="presenting_sign_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "modality__in",
                        (
                            "cap_ct_myelography",
                            "cap_fluoroscopy",
                            "cap_fluoroscopy_and_ct",
                            "interrogation",
                            "plain_radiograph",
                            "rotor_study",
                            "non_contrast_ct",
                            "lp_ct_myelogram",
                            "mri",
                            "indium_scintigraphy",
                            "technetium_scintigraphy",
                            "csf_pressure_waveform",
                            "diagnostic_bolus",
                        ),
                    )
                ),
                name="contrast_study_modality_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aspiration__in", ("free", "slow", "none", "not_tried", "unknown"))
                ),
                name="contrast_study_aspiration_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ("completed", "stopped_not_aspirable", "stopped_other"),
                    )
                ),
                name="contrast_study_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("contrast_injected__in", ("yes", "no", "unknown"))),
                name="contrast_study_injected_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "contrast_product__in",
                        (
                            "iohexol_180",
                            "iohexol_240",
                            "iohexol_300",
                            "iohexol_140",
                            "iohexol_350",
                            "iodixanol",
                            "iopamidol",
                            "other",
                            "unknown",
                        ),
                    )
                ),
                name="contrast_study_product_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contrast_injected", "no"), _negated=True),
                    models.Q(
                        ("contrast_product__isnull", True),
                        ("contrast_ml__isnull", True),
                        ("mg_iodine_per_ml__isnull", True),
                        ("delay_min__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="contrast_study_contrast_only_when_injected",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "completed"), _negated=True),
                    ("contrast_injected", "yes"),
                    _connector="OR",
                ),
                name="contrast_study_completed_means_injected",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "stopped_not_aspirable"), _negated=True),
                    models.Q(("aspiration", "none"), ("contrast_injected", "no")),
                    _connector="OR",
                ),
                name="contrast_study_not_aspirable_means_not_injected",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stop_reason__in",
                        (
                            "not_aspirable",
                            "no_access",
                            "patient_factor",
                            "pocket_injection",
                            "procedure_error",
                            "other",
                            "unknown",
                        ),
                    )
                ),
                name="contrast_study_stop_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "completed"), ("stop_reason__isnull", True)),
                    models.Q(
                        models.Q(("outcome", "completed"), _negated=True),
                        ("stop_reason__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="contrast_study_reason_iff_stopped",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aspirated_ml__isnull", True),
                    models.Q(("aspirated_ml__gte", 0), ("aspirated_ml__lte", 20)),
                    _connector="OR",
                ),
                name="contrast_study_aspirated_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contrast_ml__isnull", True),
                    models.Q(("contrast_ml__gte", 0.1), ("contrast_ml__lte", 20)),
                    _connector="OR",
                ),
                name="contrast_study_contrast_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mg_iodine_per_ml__isnull", True),
                    models.Q(("mg_iodine_per_ml__gte", 140), ("mg_iodine_per_ml__lte", 350)),
                    _connector="OR",
                ),
                name="contrast_study_iodine_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionsurgery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "indication__in",
                        (
                            "battery_eri",
                            "battery_eos",
                            "battery_premature",
                            "catheter_occlusion",
                            "catheter_kink",
                            "catheter_fracture_or_tear",
                            "catheter_disconnection_pump",
                            "catheter_disconnection_splice",
                            "catheter_migration_intraspinal",
                            "catheter_out_of_canal",
                            "catheter_subdural_epidural",
                            "tip_granuloma",
                            "unexplained_loss_of_effect_exploration",
                            "not_aspirable_exploration",
                            "motor_stall",
                            "over_infusion",
                            "under_infusion_pump",
                            "pump_flip_rotation",
                            "pump_migration_or_prominence",
                            "reservoir_or_septum_failure",
                            "recall_or_advisory",
                            "infection_superficial",
                            "infection_deep_pocket",
                            "meningitis",
                            "wound_dehiscence_erosion",
                            "csf_leak",
                            "pseudomeningocele",
                            "seroma_haematoma",
                            "spinal_fusion_or_other_surgery",
                            "elective_reposition_tip",
                            "elective_reposition_pump",
                            "growth",
                            "upsize_reservoir",
                            "therapy_not_effective",
                            "patient_choice",
                            "end_of_therapy",
                            "mri_or_imaging_need",
                            "other",
                        ),
                    )
                ),
                name="surgery_indication_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionsurgery",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned__in", ("planned", "unplanned", "unknown"))),
                name="surgery_planned_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionsurgery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "imaging_known__in",
                        ("known", "not_known", "no_imaging", "unknown"),
                    )
                ),
                name="surgery_imaging_known_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionsurgery",
            constraint=models.CheckConstraint(
                condition=models.Q(("secondary_indication", models.F("indication")), _negated=True),
                name="surgery_two_different_indications",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "pump_implant_primary",
                            "pump_replacement_same_pocket",
                            "pump_replacement_new_pocket",
                            "pump_reposition",
                            "pump_explant_no_replacement",
                            "catheter_full_replacement",
                            "pump_segment_replacement",
                            "spinal_segment_replacement",
                            "connector_repair_or_replacement",
                            "splice_repair",
                            "tip_reposition",
                            "catheter_reanchor",
                            "catheter_explant",
                            "dural_repair_or_blood_patch",
                            "pseudomeningocele_repair",
                            "washout_debridement_retention",
                            "wound_revision",
                            "external_drain",
                            "exploration_only",
                            "laminotomy_access",
                            "intraop_contrast_study",
                            "concurrent_orthopaedic_procedure",
                            "other",
                        ),
                    )
                ),
                name="procedure_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.UniqueConstraint(fields=("surgery", "code"), name="procedure_once"),
        ),
        migrations.AddConstraint(
            model_name="intraoperativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "component__in",
                        ("pump", "pump_segment", "connector", "spinal_segment"),
                    )
                ),
                name="intraoperative_component_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intraoperativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("confirmed", "excluded", "not_explored"))),
                name="intraoperative_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intraoperativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "no_abnormality_found",
                            "disconnection",
                            "connector_leak",
                            "sleeve_tear",
                            "kink",
                            "knot_or_loop",
                            "fracture",
                            "pinhole_tear",
                            "shear",
                            "occlusion_tip_fibrosis",
                            "occlusion_debris",
                            "granuloma_inflammatory_mass",
                            "tissue_ingrowth_connector",
                            "migration_out_of_canal",
                            "migration_within_canal",
                            "subdural",
                            "epidural",
                            "intraparenchymal",
                            "csf_leak_dural_entry",
                            "pseudomeningocele",
                            "pocket_csf_collection",
                            "seroma",
                            "haematoma",
                            "pump_flip",
                            "pump_rotation",
                            "suture_loop_failure",
                            "rotor_stall",
                            "battery_depleted",
                            "septum_leak",
                            "reservoir_leak",
                            "cap_leak",
                            "infection_superficial",
                            "infection_pocket",
                            "infection_track",
                            "meningitis",
                            "skin_erosion",
                            "arachnoid_adhesions",
                            "other",
                        ),
                    )
                ),
                name="intraoperative_finding_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intraoperativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__isnull", False), ("status", "confirmed")),
                    models.Q(
                        models.Q(("status", "confirmed"), _negated=True),
                        ("code__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="intraoperative_finding_iff_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("pump", "pump_segment", "connector", "spinal_segment"),
                    )
                ),
                name="component_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("implanted_on__isnull", True),
                    ("removed_on__isnull", True),
                    ("removed_on__gte", models.F("implanted_on")),
                    _connector="OR",
                ),
                name="component_removed_after_implanted",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "pump"),
                    ("removed_on__isnull", True),
                    ("second_pump_declared", False),
                ),
                fields=("patient",),
                name="component_one_pump_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "pump"), ("reservoir_ml__isnull", True), _connector="OR"
                ),
                name="component_reservoir_of_pump",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("pump_segment", "spinal_segment")),
                    models.Q(
                        ("length_cm__isnull", True),
                        ("trimmed_cm__isnull", True),
                        ("ml_per_cm__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="component_length_of_catheter",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("length_cm__isnull", True),
                    models.Q(("length_cm__gte", 1), ("length_cm__lte", 200)),
                    _connector="OR",
                ),
                name="component_length_cm_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ml_per_cm__isnull", True),
                    models.Q(("ml_per_cm__gte", 0.0015), ("ml_per_cm__lte", 0.004)),
                    _connector="OR",
                ),
                name="component_ml_per_cm_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reservoir_ml__isnull", True),
                    models.Q(("reservoir_ml__gte", 5), ("reservoir_ml__lte", 60)),
                    _connector="OR",
                ),
                name="component_reservoir_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="studylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject_agrees__in", ("yes", "no", "unknown"))),
                name="study_link_subject_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="studylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("subject_agrees", "no"), _negated=True),
                    models.Q(("override_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="study_link_mismatch_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.UniqueConstraint(
                fields=("case", "kind", "performed_on"), name="workup_step_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "history_and_examination",
                            "laboratory",
                            "interrogation",
                            "reservoir_check",
                            "plain_radiograph",
                            "rotor_study",
                            "non_contrast_ct",
                            "lp_ct_myelogram",
                            "mri",
                            "indium_scintigraphy",
                            "technetium_scintigraphy",
                            "csf_pressure_waveform",
                            "diagnostic_bolus",
                            "other",
                        ),
                    )
                ),
                name="workup_step_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "result__in",
                        ("normal", "abnormal", "indeterminate", "not_done", "unknown"),
                    )
                ),
                name="workup_step_result_known",
            ),
        ),
    ]
