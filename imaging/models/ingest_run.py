"""One delivery of files."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .peer import Peer
from .remote_archive import RemoteArchive


class IngestRun(models.Model):
    """One delivery of files: a command, an upload."""

    class Source(models.TextChoices):
        COMMAND_LINE = "command_line", _("command line")
        UPLOAD = "upload", _("browser upload")
        WATCH_FOLDER = "watch_folder", _("watched folder")
        C_STORE = "c_store", "C-STORE"
        STOW = "stow", "STOW-RS"
        PULL = "pull", "DICOMweb pull"
        RELEASE = "release", _("release from quarantine")

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre_code = models.SlugField(max_length=16)
    source = models.CharField(max_length=16, choices=Source)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty when the command line started it.",
    )
    peer = models.ForeignKey(
        Peer, null=True, on_delete=models.PROTECT, related_name="runs", help_text="Who sent it."
    )
    remote_archive = models.ForeignKey(
        RemoteArchive,
        null=True,
        on_delete=models.PROTECT,
        related_name="runs",
        help_text="Where it was pulled from.",
    )
    expected_files = models.PositiveIntegerField(
        null=True, help_text="How many files the sender announced; empty when it did not say."
    )
    finished_at = models.DateTimeField(null=True)
    patients_confirmed_at = models.DateTimeField(
        null=True, help_text="When somebody said that it may hold more than one patient."
    )
    patients_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ignored_count = models.PositiveIntegerField(
        default=0, help_text="Files that are no images and carry no finding: DICOMDIR, .DS_Store …"
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre_code", "source", "started_at", "started_by", "peer",
        "remote_archive", "expected_files", "finished_at", "patients_confirmed_at",
        "patients_confirmed_by", "ignored_count",
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(
                fields=["centre_code", "-started_at", "-id"], name="ingest_run_by_arrival"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    source__in=[
                        "command_line",
                        "upload",
                        "watch_folder",
                        "c_store",
                        "stow",
                        "pull",
                        "release",
                    ]
                ),
                name="ingest_run_source_known",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="ingest_run_finished_after_started",
            ),
            models.CheckConstraint(
                condition=Q(source="pull", remote_archive__isnull=False)
                | (~Q(source="pull") & Q(remote_archive__isnull=True)),
                name="ingest_run_pull_names_archive",
            ),
            models.CheckConstraint(
                condition=Q(peer__isnull=True) | Q(source__in=["c_store", "stow"]),
                name="ingest_run_peer_sends",
            ),
            models.CheckConstraint(
                condition=~Q(source="c_store") | Q(peer__isnull=False),
                name="ingest_run_c_store_names_peer",
            ),
        ]

    def __str__(self) -> str:
        return f"Ingest run {self.public_id}"
