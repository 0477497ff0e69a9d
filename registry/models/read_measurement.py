"""Something a reader measured or pointed at on the images, in the patient's coordinates."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from imaging.models import Instance, Series
from registry.vocabulary import MeasurementKind

from .constraints import all_or_none, one_of
from .read import Read


class ReadMeasurement(models.Model):
    """Frozen with its read, by database trigger.

    Geometry and statistics are worked out by the server from the points and the stored pixels. A
    value that does not apply to the kind, or is not defined there, is null; `hu_undefined_reason`
    then says why a place or region on a slice has no HU.

    References
    ----------
    DICOM PS3.16 TID 1501 (measurement group), PS3.3 C.7.6.2.1.1 (patient coordinates).
    """

    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="measurements")
    number = models.PositiveSmallIntegerField(help_text="In the order it was drawn, from 1.")
    kind = models.CharField(max_length=16, choices=MeasurementKind.choices)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    instance = models.ForeignKey(
        Instance,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The slice it was drawn on; empty on a plane reformatted from many.",
    )
    frame = models.PositiveIntegerField(null=True, blank=True, help_text="Of the instance, from 0.")
    points_mm = models.JSONField(
        help_text="[x, y, z] in mm, LPS. length: both ends; angle: end, vertex, end; ellipse: ends "
        "of one axis, ends of the other; freehand: corners; probe: the place; arrow: tip, tail."
    )
    text = models.CharField(max_length=200, blank=True)
    length_mm = models.FloatField(null=True, blank=True)
    angle_deg = models.FloatField(null=True, blank=True)
    area_mm2 = models.FloatField(null=True, blank=True)
    mean_hu = models.FloatField(null=True, blank=True)
    sd_hu = models.FloatField(
        null=True, blank=True, help_text="Of these pixels, divided by their number."
    )
    min_hu = models.FloatField(null=True, blank=True)
    max_hu = models.FloatField(null=True, blank=True)
    pixels = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many the HU were taken from; padding is not counted."
    )
    hu_undefined_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("text",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "read", "number", "kind", "series", "instance", "frame", "points_mm", "length_mm",
        "angle_deg", "area_mm2", "mean_hu", "sd_hu", "min_hu", "max_hu", "pixels",
        "hu_undefined_reason",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("kind", MeasurementKind, name="read_measurement_kind_known"),
            all_or_none("instance", "frame", name="read_measurement_frame_of_instance"),
            all_or_none("mean_hu", "pixels", name="read_measurement_hu_of_pixels"),
            models.CheckConstraint(
                condition=Q(mean_hu__isnull=True) | Q(hu_undefined_reason=""),
                name="read_measurement_hu_or_reason",
            ),
            models.UniqueConstraint(fields=["read", "number"], name="read_measurement_number"),
        ]
        ordering = ["read_id", "number"]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
