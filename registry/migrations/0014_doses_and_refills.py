"""Screening tests, doses, refills, advisories; what a UDI tells of a component."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import registry.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0013_form_drafts_and_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="Advisory",
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
                ("title", models.CharField(max_length=160)),
                (
                    "issued",
                    models.CharField(
                        blank=True, help_text="When and as what class.", max_length=40
                    ),
                ),
                ("what", models.TextField(blank=True, max_length=1000)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("published", "published"), ("own", "own")],
                        default="own",
                        max_length=16,
                    ),
                ),
                ("serial_from", models.CharField(blank=True, max_length=40)),
                ("serial_to", models.CharField(blank=True, max_length=40)),
                ("lots", models.TextField(blank=True, help_text="One in a line.", max_length=4000)),
                ("lots_unknown", models.BooleanField(default=False)),
                ("manufactured_from", models.DateField(blank=True, null=True)),
                ("manufactured_until", models.DateField(blank=True, null=True)),
                ("implanted_from", models.DateField(blank=True, null=True)),
                ("implanted_until", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "advisories",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AdvisoryModel",
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
                        choices=registry.vocabulary.DeviceModel.choices, max_length=32
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DoseSetting",
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
                ("set_on", models.DateField()),
                (
                    "mode",
                    models.CharField(
                        choices=registry.vocabulary.DeliveryMode.choices, max_length=24
                    ),
                ),
                (
                    "dose_ug_per_day",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                (
                    "concentration_ug_per_ml",
                    models.DecimalField(blank=True, decimal_places=0, max_digits=5, null=True),
                ),
                (
                    "bolus_ug",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("steps_per_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("remarks", models.CharField(blank=True, max_length=200)),
                (
                    "confirmed_doubts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Doubts that were raised, and kept as entered.",
                    ),
                ),
            ],
            options={
                "ordering": ["set_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Refill",
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
                ("performed_on", models.DateField()),
                (
                    "expected_ml",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "aspirated_ml",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "filled_ml",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "concentration_ug_per_ml",
                    models.DecimalField(blank=True, decimal_places=0, max_digits=5, null=True),
                ),
                (
                    "drug_on_label",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "compounded",
                    models.CharField(
                        blank=True, choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                ("remarks", models.CharField(blank=True, max_length=200)),
                (
                    "confirmed_doubts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Doubts that were raised, and kept as entered.",
                    ),
                ),
            ],
            options={
                "ordering": ["performed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ScreeningTest",
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
                ("performed_on", models.DateField()),
                ("bolus_ug", models.DecimalField(decimal_places=1, max_digits=5)),
                (
                    "responded",
                    models.CharField(
                        choices=registry.vocabulary.YesNoUnknown.choices, max_length=16
                    ),
                ),
                (
                    "effect_hours",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                ("remarks", models.CharField(blank=True, max_length=200)),
                (
                    "confirmed_doubts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Doubts that were raised, and kept as entered.",
                    ),
                ),
            ],
            options={
                "ordering": ["performed_on", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="component",
            name="component_length_of_catheter",
        ),
        migrations.AddField(
            model_name="component",
            name="device_identifier",
            field=models.CharField(
                blank=True,
                db_index=True,
                editable=False,
                help_text="The part of the UDI that names the model; taken from it when it is stored.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="component",
            name="expires_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="component",
            name="grafted_cm",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name="component",
            name="lot_number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="component",
            name="manufactured_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="component",
            name="trimmed_cm",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                help_text="At the implantation and at every revision since, together.",
                max_digits=5,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("manufactured_on__isnull", True),
                    ("expires_on__isnull", True),
                    ("expires_on__gte", models.F("manufactured_on")),
                    _connector="OR",
                ),
                name="component_expires_after_manufactured",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("manufactured_on__isnull", True),
                    ("implanted_on__isnull", True),
                    models.Q(("implanted_on_precision", "day"), _negated=True),
                    ("implanted_on__gte", models.F("manufactured_on")),
                    _connector="OR",
                ),
                name="component_implanted_after_manufactured",
                violation_error_message="It was implanted before it was made.",
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("length_cm__isnull", True),
                    ("trimmed_cm__isnull", True),
                    ("trimmed_cm__lt", models.F("length_cm")),
                    _connector="OR",
                ),
                name="component_trimmed_less_than_length",
                violation_error_message="More was trimmed than the catheter is long.",
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
                        ("grafted_cm__isnull", True),
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
                    ("grafted_cm__isnull", True),
                    models.Q(("grafted_cm__gte", 0), ("grafted_cm__lte", 200)),
                    _connector="OR",
                ),
                name="component_grafted_cm_plausible",
            ),
        ),
        migrations.AddField(
            model_name="advisory",
            name="centre",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="advisories",
                to="registry.centre",
            ),
        ),
        migrations.AddField(
            model_name="advisory",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="advisorymodel",
            name="advisory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="models",
                to="registry.advisory",
            ),
        ),
        migrations.AddField(
            model_name="dosesetting",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dosesetting",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dose_settings",
                to="registry.patient",
            ),
        ),
        migrations.AddField(
            model_name="dosesetting",
            name="pump",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dose_settings",
                to="registry.component",
            ),
        ),
        migrations.AddField(
            model_name="refill",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="refill",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refills",
                to="registry.patient",
            ),
        ),
        migrations.AddField(
            model_name="refill",
            name="pump",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refills",
                to="registry.component",
            ),
        ),
        migrations.AddField(
            model_name="screeningtest",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="screeningtest",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="screening_tests",
                to="registry.patient",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisory",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["published", "own"])),
                name="advisory_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisory",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="advisory_has_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="advisory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("manufactured_from__isnull", True),
                    ("manufactured_until__isnull", True),
                    ("manufactured_until__gte", models.F("manufactured_from")),
                    _connector="OR",
                ),
                name="advisory_manufacture_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("implanted_from__isnull", True),
                    ("implanted_until__isnull", True),
                    ("implanted_until__gte", models.F("implanted_from")),
                    _connector="OR",
                ),
                name="advisory_implant_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("serial_from", ""), ("serial_to", "")),
                    models.Q(
                        models.Q(("serial_from", ""), _negated=True),
                        models.Q(("serial_to", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="advisory_serials_from_and_to",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisorymodel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "medtronic_8626_10",
                            "medtronic_8626_18",
                            "medtronic_8626l_10",
                            "medtronic_8626l_18",
                            "medtronic_8627_10",
                            "medtronic_8627_18",
                            "medtronic_8627l_10",
                            "medtronic_8627l_18",
                            "medtronic_8637_20",
                            "medtronic_8637_40",
                            "medtronic_8667_20",
                            "medtronic_8667_40",
                            "medtronic_8472_20",
                            "medtronic_8472_35",
                            "flowonix_11827",
                            "flowonix_13827",
                            "flowonix_16827",
                            "flowonix_91827",
                            "flowonix_93827",
                            "codman_medstream",
                            "codman_3000",
                            "codman_archimedes",
                            "tricumed_siromedes",
                            "tricumed_ip_2000_v",
                            "tricumed_ip_1000",
                            "medtronic_8780",
                            "medtronic_8781",
                            "medtronic_8782",
                            "medtronic_8784",
                            "medtronic_8709",
                            "medtronic_8709sc",
                            "medtronic_8711",
                            "medtronic_8731",
                            "medtronic_8731sc",
                            "medtronic_8578",
                            "medtronic_8596sc",
                            "medtronic_8598sc",
                            "medtronic_8703w",
                            "flowonix_11823",
                            "flowonix_11830",
                            "codman_surestream",
                            "other",
                            "unknown",
                        ),
                    )
                ),
                name="advisory_model_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="advisorymodel",
            constraint=models.UniqueConstraint(
                fields=("advisory", "code"), name="advisory_model_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "mode__in",
                        (
                            "simple_continuous",
                            "flex",
                            "periodic_bolus",
                            "intermittent_flow",
                            "patient_bolus",
                            "minimum_rate",
                            "stopped",
                            "single_bolus",
                            "prime_bolus",
                            "bridge_bolus",
                            "unknown",
                        ),
                    )
                ),
                name="dose_setting_mode_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dose_ug_per_day__isnull", False),
                        (
                            "mode__in",
                            (
                                "simple_continuous",
                                "flex",
                                "periodic_bolus",
                                "intermittent_flow",
                                "patient_bolus",
                                "minimum_rate",
                                "unknown",
                            ),
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "mode__in",
                                (
                                    "simple_continuous",
                                    "flex",
                                    "periodic_bolus",
                                    "intermittent_flow",
                                    "patient_bolus",
                                    "minimum_rate",
                                    "unknown",
                                ),
                            ),
                            _negated=True,
                        ),
                        ("dose_ug_per_day__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="dose_setting_dose_iff_daily",
                violation_error_message="A mode that runs all day has a dose per day, others none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mode__in", ("patient_bolus", "single_bolus", "prime_bolus", "bridge_bolus")),
                    ("bolus_ug__isnull", True),
                    _connector="OR",
                ),
                name="dose_setting_bolus_of_its_mode",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mode", "flex"), ("steps_per_day__isnull", True), _connector="OR"
                ),
                name="dose_setting_steps_of_flex",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_ug_per_day__isnull", True),
                    models.Q(("dose_ug_per_day__gte", 5), ("dose_ug_per_day__lte", 5000)),
                    _connector="OR",
                ),
                name="dose_setting_dose_ug_per_day_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concentration_ug_per_ml__isnull", True),
                    models.Q(
                        ("concentration_ug_per_ml__gte", 50), ("concentration_ug_per_ml__lte", 5000)
                    ),
                    _connector="OR",
                ),
                name="dose_setting_concentration_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bolus_ug__isnull", True),
                    models.Q(("bolus_ug__gte", 1), ("bolus_ug__lte", 2000)),
                    _connector="OR",
                ),
                name="dose_setting_bolus_ug_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="dosesetting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("steps_per_day__isnull", True),
                    models.Q(("steps_per_day__gte", 1), ("steps_per_day__lte", 13)),
                    _connector="OR",
                ),
                name="dose_setting_steps_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected_ml__isnull", True),
                    models.Q(("expected_ml__gte", 0), ("expected_ml__lte", 60)),
                    _connector="OR",
                ),
                name="refill_expected_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aspirated_ml__isnull", True),
                    models.Q(("aspirated_ml__gte", 0), ("aspirated_ml__lte", 60)),
                    _connector="OR",
                ),
                name="refill_aspirated_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("filled_ml__isnull", True),
                    models.Q(("filled_ml__gte", 0), ("filled_ml__lte", 60)),
                    _connector="OR",
                ),
                name="refill_filled_ml_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concentration_ug_per_ml__isnull", True),
                    models.Q(
                        ("concentration_ug_per_ml__gte", 50), ("concentration_ug_per_ml__lte", 5000)
                    ),
                    _connector="OR",
                ),
                name="refill_concentration_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(("drug_on_label__in", ("", "yes", "no", "unknown"))),
                name="refill_drug_on_label_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refill",
            constraint=models.CheckConstraint(
                condition=models.Q(("compounded__in", ("", "yes", "no", "unknown"))),
                name="refill_compounded_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="screeningtest",
            constraint=models.CheckConstraint(
                condition=models.Q(("responded__in", ("yes", "no", "unknown"))),
                name="screening_test_responded_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="screeningtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bolus_ug__isnull", True),
                    models.Q(("bolus_ug__gte", 5), ("bolus_ug__lte", 500)),
                    _connector="OR",
                ),
                name="screening_test_bolus_ug_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="screeningtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effect_hours__isnull", True),
                    models.Q(("effect_hours__gte", 0), ("effect_hours__lte", 72)),
                    _connector="OR",
                ),
                name="screening_test_effect_hours_plausible",
            ),
        ),
    ]
