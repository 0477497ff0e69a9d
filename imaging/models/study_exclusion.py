"""A study that shall not be used."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .study import Study


class StudyExclusion(models.Model):
    """Somebody decided that a study does not belong here; its images stay, and are not offered."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="exclusion")
    reason = models.TextField()
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    excluded_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("reason",)
    NOT_IDENTIFYING: ClassVar = ("id", "study", "excluded_by", "excluded_at")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="study_exclusion_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Exclusion of study {self.study_id}"
