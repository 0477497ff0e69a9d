"""Somebody else's archive: images may be pulled from it, and some receive what is read here."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imaging.sealing import SealedTextField


class RemoteArchive(models.Model):
    """A DICOMweb archive registered for one centre; nothing else is ever connected to."""

    class Authentication(models.TextChoices):
        NONE = "none", _("none")
        BASIC = "basic", _("name and password")
        BEARER = "bearer", _("token")

    class Receives(models.TextChoices):
        NOTHING = "nothing", _("nothing")
        READS = "reads", _("reads")
        IMAGES = "images", _("reads and their images")

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    name = models.SlugField(max_length=64, unique=True)
    centre_code = models.SlugField(max_length=16)
    base_url = models.CharField(max_length=500)
    authentication = models.CharField(
        max_length=16, choices=Authentication, default=Authentication.NONE
    )
    credential = SealedTextField(null=True, help_text="name:password, or the token; sealed.")
    private_address_allowed = models.BooleanField(
        default=False, help_text="It stands in the hospital's own network."
    )
    receives = models.CharField(
        max_length=16,
        choices=Receives,
        default=Receives.NOTHING,
        help_text="What may be stored there; images only with the read that refers to them.",
    )
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "name", "centre_code", "base_url", "authentication", "credential",
        "private_address_allowed", "receives", "registered_at", "registered_by", "retired_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(authentication="none", credential__isnull=True)
                | Q(authentication__in=["basic", "bearer"], credential__isnull=False),
                name="remote_archive_credential_where_needed",
            ),
            models.CheckConstraint(
                condition=Q(receives__in=["nothing", "reads", "images"]),
                name="remote_archive_receives_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Archive {self.name}"
