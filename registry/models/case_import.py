"""A table of retrospective cases on its way into the registry, and what became of it."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.models import SealedTextField

from .centre import Centre
from .constraints import all_or_none


class CaseImport(models.Model):
    """A file with its mapping; kept, so that one can say where a case comes from.

    The file is kept sealed: it holds names and numbers as the hospital writes them.
    """

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="case_imports")
    file_name = SealedTextField(help_text="As it was sent.")
    content = SealedTextField(help_text="The cells of the file as they were read.")
    mapping = SealedTextField(help_text="Which column answers which question.")
    rows = models.PositiveIntegerField(help_text="How many rows the file has.")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    checked = SealedTextField(
        null=True, blank=True, help_text="What taking it in would do, as it was found last."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    IDENTIFYING: ClassVar = ("file_name", "content", "mapping", "checked")
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre", "rows", "sent_at", "sent_by", "checked_at", "imported_at",
        "imported_by", "undone_at", "undone_by",
    )  # fmt: skip

    class Meta:
        constraints = [
            all_or_none("checked", "checked_at", name="case_import_checked_at_some_time"),
            all_or_none("imported_at", "imported_by", name="case_import_imported_by_somebody"),
            all_or_none("undone_at", "undone_by", name="case_import_undone_by_somebody"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(imported_at__isnull=False),
                name="case_import_undone_after_imported",
            ),
        ]
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"Import {self.public_id}"

    @property
    def centre_code(self) -> str:
        return self.centre.code


class ImportedRecord(models.Model):
    """A record that an import made or changed, in the edition it left behind."""

    case_import = models.ForeignKey(CaseImport, on_delete=models.PROTECT, related_name="records")
    table = models.CharField(max_length=32, help_text="Key of the table of the exchange.")
    record_id = models.UUIDField(help_text="Public id of the record.")
    place = models.CharField(max_length=120, help_text="Sheet and row it was first named in.")
    was_there = models.BooleanField(help_text="Changed by the import, not made by it.")
    edition = models.PositiveIntegerField(help_text="The edition the import left behind.")
    before = SealedTextField(null=True, help_text="The answers it changed, as they were.")

    IDENTIFYING: ClassVar = ("before", "place")
    NOT_IDENTIFYING: ClassVar = (
        "id", "case_import", "table", "record_id", "was_there", "edition",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_import", "record_id"], name="imported_record_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.table} {self.record_id}"
