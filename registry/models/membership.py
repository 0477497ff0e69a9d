"""Which role a person has in which centre."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .centre import Centre


class Role(models.TextChoices):
    REGISTRAR = "registrar", _("registrar")
    READER = "reader", _("reader")
    SURGEON = "surgeon", _("surgeon")
    AUDITOR = "auditor", _("auditor")
    DATA_MANAGER = "data_manager", _("data manager")
    ADMINISTRATOR = "administrator", _("administrator")


class Membership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "user", "centre", "role")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "centre", "role"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.centre_id}"
