"""Work-up with results, the contrast study as a procedure, complications and reviews."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import registry.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_read_sendings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complication",
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
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("synthetic_fields", models.JSONField(blank=True, default=list, editable=False)),
                ("occurred_on", models.DateField()),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.ComplicationCode.choices, max_length=48
                    ),
                ),
                ("code_text", models.CharField(blank=True, max_length=200)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.ClavienDindoSink.choices,
                        max_length=16,
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
                (
                    "hospitalisation",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.Hospitalisation.choices,
                        max_length=16,
                    ),
                ),
                ("hospital_nights", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "icu_nights",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="intensive care, nights"
                    ),
                ),
                (
                    "needed_surgery",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "serious",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                        verbose_name="serious adverse event",
                    ),
                ),
                ("resolved_on", models.DateField(blank=True, null=True)),
                ("remarks", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["occurred_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ComplicationRelation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.Relatedness.choices, max_length=16
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="IntegrityTested",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.IntegrityTest.choices, max_length=32
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "integrity tested",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OutcomeReview",
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
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("synthetic_fields", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "time",
                    models.CharField(choices=registry.vocabulary.ReviewTime.choices, max_length=16),
                ),
                ("reviewed_on", models.DateField()),
                (
                    "symptoms",
                    models.CharField(
                        choices=registry.vocabulary.SymptomOutcome.choices, max_length=16
                    ),
                ),
                (
                    "therapy",
                    models.CharField(
                        choices=registry.vocabulary.TherapyStatus.choices, max_length=16
                    ),
                ),
                (
                    "dose_before_ug_per_day",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                (
                    "dose_after_ug_per_day",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                (
                    "repeat_study",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "revised_again",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                ("revised_again_on", models.DateField(blank=True, null=True)),
                (
                    "revised_same_site",
                    models.CharField(
                        blank=True,
                        choices=registry.vocabulary.YesNoUnknown.choices,
                        max_length=16,
                        null=True,
                    ),
                ),
                (
                    "caregiver_satisfied",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "would_repeat",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                ("confirmed_doubts", models.JSONField(blank=True, default=list)),
                ("remarks", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["reviewed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="TechniqueUsed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.TechniqueModifier.choices, max_length=48
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "techniques used",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WorkupAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(choices=registry.vocabulary.PumpAlarm.choices, max_length=24),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WorkupRadiographFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.RadiographFinding.choices, max_length=24
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AlterModelOptions(
            name="workupstep",
            options={
                "ordering": [
                    "performed_on",
                    models.OrderBy(models.F("performed_at"), nulls_last=True),
                    "id",
                ]
            },
        ),
        migrations.RemoveConstraint(
            model_name="contraststudy",
            name="contrast_study_contrast_only_when_injected",
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="catheter_volume_ml",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                help_text="From access port to tip, where it was known otherwise than from the components.",
                max_digits=5,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="concentration_ug_per_ml",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Of the drug in pump and catheter.", null=True
            ),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="confirmed_doubts",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="contrast_lot",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="contrast_product_text",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="csf_confirmed",
            field=models.CharField(
                blank=True,
                choices=registry.vocabulary.YesNoUnknown.choices,
                max_length=16,
                verbose_name="CSF came",
            ),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="daily_dose_ug",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="delayed_min",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="From injection to the delayed CT, where there was one.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="needle_text",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="next_step_text",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="port_access",
            field=models.CharField(
                blank=True, choices=registry.vocabulary.PortAccess.choices, max_length=16
            ),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="prime_bolus_ml",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name="contraststudy",
            name="prime_bolus_ug",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="revisionsurgery",
            name="approach",
            field=models.CharField(
                blank=True, choices=registry.vocabulary.SurgicalApproach.choices, max_length=32
            ),
        ),
        migrations.AddField(
            model_name="revisionsurgery",
            name="approach_text",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="workupstep",
            name="aspirated_residual_ml",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name="workupstep",
            name="expected_residual_ml",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name="workupstep",
            name="performed_at",
            field=models.TimeField(
                blank=True, help_text="In the time zone of the centre.", null=True
            ),
        ),
        migrations.AddField(
            model_name="workupstep",
            name="rotor_result",
            field=models.CharField(
                blank=True,
                choices=registry.vocabulary.RotorResult.choices,
                max_length=16,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "port_access__in",
                        ("", "reached", "not_reached", "no_port", "not_tried", "unknown"),
                    )
                ),
                name="contrast_study_port_access_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("csf_confirmed__in", ("", "yes", "no", "unknown"))),
                name="contrast_study_csf_confirmed_known",
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
                        ("delayed_min__isnull", True),
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
                    ("delayed_min__isnull", True),
                    models.Q(("delayed_min__gte", 0), ("delayed_min__lte", 2880)),
                    _connector="OR",
                ),
                name="contrast_study_delayed_min_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delay_min__isnull", True),
                    ("delayed_min__isnull", True),
                    ("delayed_min__gte", models.F("delay_min")),
                    _connector="OR",
                ),
                name="contrast_study_delayed_after_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("port_access__in", ("not_reached", "no_port", "not_tried")), _negated=True
                    ),
                    models.Q(("aspiration", "not_tried"), ("outcome", "stopped_other")),
                    _connector="OR",
                ),
                name="contrast_study_without_access_nothing_aspirated",
                violation_error_message="Without a needle in the port nothing can be aspirated or injected through it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prime_bolus_given", "yes"),
                    models.Q(("prime_bolus_ml__isnull", True), ("prime_bolus_ug__isnull", True)),
                    _connector="OR",
                ),
                name="contrast_study_prime_bolus_only_when_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concentration_ug_per_ml__isnull", True),
                    models.Q(
                        ("concentration_ug_per_ml__gte", 10),
                        ("concentration_ug_per_ml__lte", 10000),
                    ),
                    _connector="OR",
                ),
                name="contrast_study_concentration_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("daily_dose_ug__isnull", True),
                    models.Q(("daily_dose_ug__gte", 5), ("daily_dose_ug__lte", 5000)),
                    _connector="OR",
                ),
                name="contrast_study_daily_dose_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("catheter_volume_ml__isnull", True),
                    models.Q(("catheter_volume_ml__gte", 0.01), ("catheter_volume_ml__lte", 1)),
                    _connector="OR",
                ),
                name="contrast_study_catheter_volume_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prime_bolus_ml__isnull", True),
                    models.Q(("prime_bolus_ml__gte", 0.01), ("prime_bolus_ml__lte", 2)),
                    _connector="OR",
                ),
                name="contrast_study_prime_bolus_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="contraststudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prime_bolus_ug__isnull", True),
                    models.Q(("prime_bolus_ug__gte", 1), ("prime_bolus_ug__lte", 5000)),
                    _connector="OR",
                ),
                name="contrast_study_prime_bolus_ug_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionsurgery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "approach__in",
                        ("", "pump_pocket", "lumbar", "pump_pocket_and_lumbar", "other", "unknown"),
                    )
                ),
                name="surgery_approach_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("rotor_result__in", ("moved", "not_moved", "indeterminate"))),
                name="workup_step_rotor_result_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "rotor_study"), ("rotor_result__isnull", True), _connector="OR"
                ),
                name="workup_step_rotor_result_of_rotor_study",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "reservoir_check"),
                    models.Q(
                        ("expected_residual_ml__isnull", True),
                        ("aspirated_residual_ml__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="workup_step_residual_of_reservoir_check",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected_residual_ml__isnull", True),
                    models.Q(("expected_residual_ml__gte", 0), ("expected_residual_ml__lte", 60)),
                    _connector="OR",
                ),
                name="workup_step_expected_residual_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aspirated_residual_ml__isnull", True),
                    models.Q(("aspirated_residual_ml__gte", 0), ("aspirated_residual_ml__lte", 60)),
                    _connector="OR",
                ),
                name="workup_step_aspirated_residual_plausible",
            ),
        ),
        migrations.AddField(
            model_name="complication",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complications",
                to="registry.revisioncase",
            ),
        ),
        migrations.AddField(
            model_name="complication",
            name="contrast_study",
            field=models.ForeignKey(
                blank=True,
                help_text="The contrast study it followed.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complications",
                to="registry.contraststudy",
            ),
        ),
        migrations.AddField(
            model_name="complication",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="complication",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complications",
                to="registry.patient",
            ),
        ),
        migrations.AddField(
            model_name="complication",
            name="surgery",
            field=models.ForeignKey(
                blank=True,
                help_text="The operation it followed.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complications",
                to="registry.revisionsurgery",
            ),
        ),
        migrations.AddField(
            model_name="complicationrelation",
            name="complication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relations",
                to="registry.complication",
            ),
        ),
        migrations.AddField(
            model_name="integritytested",
            name="surgery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="integrity_tests",
                to="registry.revisionsurgery",
            ),
        ),
        migrations.AddField(
            model_name="outcomereview",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="registry.revisioncase",
            ),
        ),
        migrations.AddField(
            model_name="outcomereview",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outcomereview",
            name="surgery",
            field=models.ForeignKey(
                blank=True,
                help_text="The operation after which it is; none where nobody operated.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="registry.revisionsurgery",
            ),
        ),
        migrations.AddField(
            model_name="techniqueused",
            name="surgery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="techniques",
                to="registry.revisionsurgery",
            ),
        ),
        migrations.AddField(
            model_name="workupalarm",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alarms",
                to="registry.workupstep",
            ),
        ),
        migrations.AddField(
            model_name="workupradiographfinding",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="radiograph_findings",
                to="registry.workupstep",
            ),
        ),
        migrations.AddIndex(
            model_name="complication",
            index=models.Index(
                fields=["patient", "occurred_on"], name="complication_by_patient_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "anaesthetic",
                            "neuro_deficit",
                            "dvt_pe",
                            "wrong_programming",
                            "pocket_fill",
                            "drug_error",
                            "missed_refill",
                            "death",
                            "withdrawal_periop",
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
                            "overdose_periop",
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
                            "infection_superficial",
                            "infection_pocket",
                            "infection_track",
                            "postural_headache",
                            "csf_wound_leak",
                            "pseudomeningocele",
                            "csf_leak_dural_entry",
                            "pocket_csf_collection",
                            "seroma",
                            "haematoma",
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
                            "arachnoid_adhesions",
                            "pump_flip",
                            "pump_rotation",
                            "suture_loop_failure",
                            "rotor_stall",
                            "battery_depleted",
                            "septum_leak",
                            "reservoir_leak",
                            "cap_leak",
                            "other",
                        ),
                    )
                ),
                name="complication_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "grade__in",
                        (
                            "",
                            "grade_i",
                            "grade_ii",
                            "grade_iii",
                            "grade_iva",
                            "grade_ivb",
                            "grade_v",
                        ),
                    )
                ),
                name="complication_grade_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "withdrawal_severity__in",
                        ("", "none", "mild", "significant", "severe", "unknown"),
                    )
                ),
                name="complication_withdrawal_severity_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hospitalisation__in",
                        ("", "none", "ed_only", "ward", "hdu", "icu", "unknown"),
                    )
                ),
                name="complication_hospitalisation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed_surgery__in", ("", "yes", "no", "unknown"))),
                name="complication_needed_surgery_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(("serious__in", ("", "yes", "no", "unknown"))),
                name="complication_serious_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("occurred_on__isnull", True),
                    ("resolved_on__isnull", True),
                    ("resolved_on__gte", models.F("occurred_on")),
                    _connector="OR",
                ),
                name="complication_resolved_after_occurred",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("surgery__isnull", True), ("contrast_study__isnull", True), _connector="OR"
                ),
                name="complication_after_one_event",
                violation_error_message="It follows an operation or a contrast study, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", "other"), _negated=True),
                    models.Q(("code_text", ""), _negated=True),
                    _connector="OR",
                ),
                name="complication_other_in_words",
                violation_error_message="Say in words what it was.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", "death"), _negated=True),
                    ("grade__in", ("", "grade_v")),
                    _connector="OR",
                ),
                name="complication_death_is_grade_v",
                violation_error_message="Death is grade V.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawal_severity", ""),
                    (
                        "code__in",
                        (
                            "withdrawal_periop",
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
                        ),
                    ),
                    _connector="OR",
                ),
                name="complication_severity_of_withdrawal",
                violation_error_message="Only a withdrawal has a severity of withdrawal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hospitalisation__in", ("ward", "hdu", "icu")),
                    ("hospital_nights__isnull", True),
                    _connector="OR",
                ),
                name="complication_nights_when_admitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hospitalisation", "icu"), ("icu_nights__isnull", True), _connector="OR"
                ),
                name="complication_icu_nights_in_icu",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hospital_nights__isnull", True),
                    models.Q(("hospital_nights__gte", 0), ("hospital_nights__lte", 3650)),
                    _connector="OR",
                ),
                name="complication_nights_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("icu_nights__isnull", True),
                    ("hospital_nights__isnull", True),
                    ("icu_nights__lte", models.F("hospital_nights")),
                    _connector="OR",
                ),
                name="complication_icu_nights_in_hospital",
                violation_error_message="More nights in intensive care than in hospital.",
            ),
        ),
        migrations.AddConstraint(
            model_name="complication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("icu_nights__isnull", True),
                    models.Q(("icu_nights__gte", 0), ("icu_nights__lte", 3650)),
                    _connector="OR",
                ),
                name="complication_icu_nights_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="complicationrelation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("code__in", ("device", "procedure", "therapy", "not_related", "unknown"))
                ),
                name="complication_relation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complicationrelation",
            constraint=models.UniqueConstraint(
                fields=("complication", "code"), name="complication_relation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="integritytested",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "csf_backflow",
                            "pressure_or_saline_flush",
                            "connector_inspection",
                            "none",
                        ),
                    )
                ),
                name="integrity_test_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="integritytested",
            constraint=models.UniqueConstraint(
                fields=("surgery", "code"), name="integrity_test_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("time__in", ("week_6", "month_3", "month_12"))),
                name="review_time_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "symptoms__in",
                        ("resolved", "improved", "unchanged", "worse", "not_assessed", "unknown"),
                    )
                ),
                name="review_symptoms_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "therapy__in",
                        ("continued", "dose_changed", "abandoned", "explanted", "unknown"),
                    )
                ),
                name="review_therapy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("repeat_study__in", ("", "yes", "no", "unknown"))),
                name="review_repeat_study_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("revised_again__in", ("", "yes", "no", "unknown"))),
                name="review_revised_again_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("revised_same_site__in", ("yes", "no", "unknown"))),
                name="review_revised_same_site_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("caregiver_satisfied__in", ("", "yes", "no", "unknown"))),
                name="review_caregiver_satisfied_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("would_repeat__in", ("", "yes", "no", "unknown"))),
                name="review_would_repeat_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("surgery__isnull", False)),
                fields=("surgery", "time"),
                name="review_once_after_surgery",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("surgery__isnull", True)),
                fields=("case", "time"),
                name="review_once_without_surgery",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revised_again", "yes"),
                    models.Q(
                        ("revised_again_on__isnull", True), ("revised_same_site__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="review_revision_only_when_revised",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revised_again_on__isnull", True),
                    ("reviewed_on__isnull", True),
                    ("reviewed_on__gte", models.F("revised_again_on")),
                    _connector="OR",
                ),
                name="review_after_it_was_revised_again",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("therapy__in", ("continued", "dose_changed", "unknown")),
                    ("dose_after_ug_per_day__isnull", True),
                    _connector="OR",
                ),
                name="review_dose_while_therapy_goes_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_before_ug_per_day__isnull", True),
                    ("dose_after_ug_per_day__isnull", True),
                    models.Q(("therapy", "continued"), _negated=True),
                    ("dose_before_ug_per_day", models.F("dose_after_ug_per_day")),
                    _connector="OR",
                ),
                name="review_continued_at_the_same_dose",
                violation_error_message="“Continued” means at the same dose.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_before_ug_per_day__isnull", True),
                    ("dose_after_ug_per_day__isnull", True),
                    models.Q(("therapy", "dose_changed"), _negated=True),
                    models.Q(
                        ("dose_before_ug_per_day", models.F("dose_after_ug_per_day")), _negated=True
                    ),
                    _connector="OR",
                ),
                name="review_changed_to_another_dose",
                violation_error_message="“Dose changed” means to another dose.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_before_ug_per_day__isnull", True),
                    models.Q(
                        ("dose_before_ug_per_day__gte", 5), ("dose_before_ug_per_day__lte", 5000)
                    ),
                    _connector="OR",
                ),
                name="review_dose_before_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_after_ug_per_day__isnull", True),
                    models.Q(
                        ("dose_after_ug_per_day__gte", 5), ("dose_after_ug_per_day__lte", 5000)
                    ),
                    _connector="OR",
                ),
                name="review_dose_after_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="techniqueused",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "pump_subfascial",
                            "pump_subcutaneous",
                            "access_laminotomy",
                            "access_needle",
                            "tunnel_deep_to_fascia",
                            "tunnel_superficial_to_fascia",
                            "vancomycin_wash",
                            "chlorhexidine_wash",
                        ),
                    )
                ),
                name="technique_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="techniqueused",
            constraint=models.UniqueConstraint(fields=("surgery", "code"), name="technique_once"),
        ),
        migrations.AddConstraint(
            model_name="workupalarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "none",
                            "low_reservoir",
                            "eri",
                            "motor_stall",
                            "eos",
                            "reset",
                            "empty_reservoir",
                            "other",
                        ),
                    )
                ),
                name="workup_alarm_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupalarm",
            constraint=models.UniqueConstraint(fields=("step", "code"), name="workup_alarm_once"),
        ),
        migrations.AddConstraint(
            model_name="workupradiographfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "no_abnormality",
                            "discontinuity",
                            "kink",
                            "disconnection",
                            "migration",
                            "pump_flip",
                            "part_not_visible",
                            "other",
                        ),
                    )
                ),
                name="workup_radiograph_finding_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workupradiographfinding",
            constraint=models.UniqueConstraint(
                fields=("step", "code"), name="workup_radiograph_finding_once"
            ),
        ),
    ]
