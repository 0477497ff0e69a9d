"""Signed reads that were sent to archives of others."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0006_receiving_archives"),
        ("registry", "0009_second_reads"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadSending",
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
                (
                    "with_images",
                    models.BooleanField(
                        help_text="Also the images that the read refers to, where the archive "
                        "lacks them."
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sent", "sent"),
                            ("partly", "sent in part"),
                            ("failed", "failed"),
                        ],
                        help_text="Empty until it is finished.",
                        max_length=8,
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        help_text="What went wrong on the way, in words.",
                        max_length=200,
                    ),
                ),
                (
                    "files",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="SOP Instance UID, kind, result and failure reason (0008,1197) "
                        "of each file.",
                    ),
                ),
                (
                    "archive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.remotearchive",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where the command line did.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sendings",
                        to="registry.read",
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "sent", "partly", "failed"])),
                        name="read_sending_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("outcome", "")),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="read_sending_outcome_when_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begun_at__isnull", True),
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("begun_at")),
                            _connector="OR",
                        ),
                        name="read_sending_finished_after_begun",
                    ),
                ],
            },
        ),
    ]
