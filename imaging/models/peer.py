"""A system that may send images here, or fetch them."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from .lengths import AE_TITLE_LENGTH, SHA256_HEX_LENGTH


class Peer(models.Model):
    """A scanner, archive or program registered for one centre.

    It may send; a DICOMweb peer may be let read instead, or do both.

    A DIMSE peer is told by calling AE title, called AE title and address together (and by the
    fingerprint of its certificate, where it has one); a DICOMweb peer by its token.
    """

    class Kind(models.TextChoices):
        DIMSE = "dimse", "C-STORE"
        DICOMWEB = "dicomweb", "DICOMweb"

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    name = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    centre_code = models.SlugField(max_length=16)
    calling_ae_title = models.CharField(max_length=AE_TITLE_LENGTH, blank=True)
    called_ae_title = models.CharField(max_length=AE_TITLE_LENGTH, blank=True)
    network = models.CharField(
        max_length=43, blank=True, help_text="Address or CIDR network it calls from."
    )
    certificate_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH, blank=True)
    token_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH, blank=True)
    may_send = models.BooleanField(default=True)
    may_read = models.BooleanField(
        default=False, help_text="Search for the stored studies of its centre and fetch them."
    )
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "name", "kind", "centre_code", "calling_ae_title", "called_ae_title",
        "network", "certificate_sha256", "token_sha256", "may_send", "may_read", "registered_at",
        "registered_by", "retired_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="dimse", token_sha256="")
                    & ~Q(calling_ae_title="")
                    & ~Q(called_ae_title="")
                    & ~Q(network="")
                )
                | (
                    Q(kind="dicomweb", calling_ae_title="", called_ae_title="")
                    & ~Q(token_sha256="")
                ),
                name="peer_can_be_told",
            ),
            models.CheckConstraint(
                condition=Q(may_send=True, may_read=False) | Q(kind="dicomweb", may_read=True),
                name="peer_may_do_something",
            ),
            models.UniqueConstraint(
                fields=["calling_ae_title", "called_ae_title", "network", "certificate_sha256"],
                condition=Q(kind="dimse", retired_at__isnull=True),
                name="peer_dimse_is_one",
            ),
            models.UniqueConstraint(
                fields=["token_sha256"],
                condition=Q(kind="dicomweb"),
                name="peer_token_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Peer {self.name}"

    @property
    def rights(self) -> str:
        """What it may do, in words."""
        return " and ".join(
            word for word, may in (("send", self.may_send), ("read", self.may_read)) if may
        )
