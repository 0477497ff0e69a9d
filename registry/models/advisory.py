"""A warning of a maker or an authority about devices of some models."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.vocabulary import DeviceModel

from .centre import Centre
from .constraints import in_order, one_of
from .history_event import INSTALLATION_CHAIN


class Advisory(models.Model):
    """Without a centre it was shipped with the product and holds in all.

    A criterion left empty is not asked. `lots_unknown` says that the advisory names lots which are
    not held here, so that no component can be cleared.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published", "published"
        OWN = "own", "own"

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre = models.ForeignKey(
        Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="advisories"
    )
    title = models.CharField(max_length=160)
    issued = models.CharField(max_length=40, blank=True, help_text="When and as what class.")
    what = models.TextField(max_length=1000, blank=True)
    source = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.OWN)
    serial_from = models.CharField(max_length=40, blank=True)
    serial_to = models.CharField(max_length=40, blank=True)
    lots = models.TextField(max_length=4000, blank=True, help_text="One in a line.")
    lots_unknown = models.BooleanField(default=False)
    manufactured_from = models.DateField(null=True, blank=True)
    manufactured_until = models.DateField(null=True, blank=True)
    implanted_from = models.DateField(null=True, blank=True)
    implanted_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre", "title", "issued", "what", "source", "status", "serial_from",
        "serial_to", "lots", "lots_unknown", "manufactured_from", "manufactured_until",
        "implanted_from", "implanted_until", "created_at", "created_by", "retired_at",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "advisories"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["published", "own"]), name="advisory_status_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="advisory_has_title"),
            in_order(
                "manufactured_from", "manufactured_until", name="advisory_manufacture_in_order"
            ),
            in_order("implanted_from", "implanted_until", name="advisory_implant_in_order"),
            models.CheckConstraint(
                condition=Q(serial_from="", serial_to="") | (~Q(serial_from="") & ~Q(serial_to="")),
                name="advisory_serials_from_and_to",
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Advisory {self.public_id}"

    @property
    def centre_code(self) -> str:
        return self.centre.code if self.centre else INSTALLATION_CHAIN


class AdvisoryModel(models.Model):
    """One device model the advisory is about."""

    advisory = models.ForeignKey(Advisory, on_delete=models.PROTECT, related_name="models")
    code = models.CharField(max_length=32, choices=DeviceModel.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "advisory", "code")

    class Meta:
        constraints = [
            one_of("code", DeviceModel, name="advisory_model_known"),
            models.UniqueConstraint(fields=["advisory", "code"], name="advisory_model_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Model {self.code} of advisory {self.advisory_id}"
