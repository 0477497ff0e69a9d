"""A search that somebody keeps under a name, for themselves or for their centre."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .centre import Centre
from .record import Record


class FilteredPage(models.TextChoices):
    SEARCH = "search", "search"
    LISTS = "lists", "working lists"


class SavedFilter(Record):
    """Whoever keeps it may change it; shared, everybody who sees cases of the centre may use it."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="saved_filters")
    page = models.CharField(max_length=16, choices=FilteredPage)
    name = models.CharField(max_length=80)
    query = models.CharField(
        max_length=500, blank=True, help_text="As it stands in the address of the page."
    )
    is_shared = models.BooleanField(default=False)

    IDENTIFYING: ClassVar = ("name", "query")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD, "centre", "page", "is_shared",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "page", "name"], name="saved_filter_name_once"
            ),
            models.CheckConstraint(
                condition=Q(page__in=FilteredPage.values), name="saved_filter_page_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_has_name"),
        ]
        ordering = ["name", "id"]

    @property
    def centre_code(self) -> str:
        return self.centre.code
