"""How test and phantom images are recognised."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExclusionRule(models.Model):
    """Images whose attribute matches the text are kept apart as test images.

    Case and surrounding blanks make no difference. A rule without a centre holds in all.
    """

    class Match(models.TextChoices):
        EQUALS = "equals", _("is")
        STARTS_WITH = "starts_with", _("begins with")
        WORD = "word", _("contains the word")

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre_code = models.SlugField(max_length=16, blank=True)
    keyword = models.CharField(max_length=64, help_text="DICOM keyword, such as PatientID.")
    match = models.CharField(max_length=16, choices=Match)
    text = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre_code", "keyword", "match", "text", "added_at", "added_by",
        "retired_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(match__in=["equals", "starts_with", "word"]),
                name="exclusion_rule_match_known",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(keyword=""), name="exclusion_rule_not_empty"
            ),
            models.UniqueConstraint(
                fields=["centre_code", "keyword", "match", "text"],
                condition=Q(retired_at__isnull=True),
                name="exclusion_rule_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Exclusion rule {self.public_id}"
