"""A slice that a reader pointed out, with the window it was seen in."""

from typing import ClassVar

from django.db import models

from imaging.models import Instance, Series

from .read import Read


class ReadKeyImage(models.Model):
    """Frozen with its read, by database trigger."""

    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="key_images")
    number = models.PositiveSmallIntegerField(help_text="In the order it was marked, from 1.")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    frame = models.PositiveIntegerField(help_text="Of the instance, from 0.")
    window_centre_hu = models.FloatField()
    window_width_hu = models.FloatField()

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "read", "number", "series", "instance", "frame", "window_centre_hu",
        "window_width_hu",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(window_width_hu__gt=0), name="read_key_image_window_has_width"
            ),
            models.UniqueConstraint(fields=["read", "number"], name="read_key_image_number"),
            models.UniqueConstraint(
                fields=["read", "instance", "frame"], name="read_key_image_once"
            ),
        ]
        ordering = ["read_id", "number"]

    def __str__(self) -> str:
        return f"key image {self.number}"
