"""Measurements and key images of a signed read in words."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, ngettext

from registry.models import Read, ReadMeasurement
from registry.vocabulary import MeasurementKind

MINUS = "\N{MINUS SIGN}"


def marks(read: Read) -> list[str]:
    """One line each for what was measured or pointed at, then how many key images there are."""
    lines = [line(one) for one in read.measurements.all()]
    if count := len(read.key_images.all()):
        lines.append(ngettext("%(n)s key image", "%(n)s key images", count) % {"n": count})
    return lines


def counts(read: Read) -> list[str]:
    """How much was measured, and how many key images there are, where there are any."""
    measured = sum(one.kind != MeasurementKind.ARROW.value for one in read.measurements.all())
    images = len(read.key_images.all())
    told = []
    if measured:
        told.append(ngettext("%(n)s measurement", "%(n)s measurements", measured) % {"n": measured})
    if images:
        told.append(ngettext("%(n)s key image", "%(n)s key images", images) % {"n": images})
    return told


def line(measurement: ReadMeasurement) -> str:
    """One measurement with its values and the reader's words."""
    label = MeasurementKind.get(measurement.kind).label
    words = ": ".join(part for part in (label, ", ".join(values(measurement))) if part)
    return f"{words} ({measurement.text})" if measurement.text else words


def values(measurement: ReadMeasurement) -> list[str]:
    """The values that apply with their unit, the main one first; where HU are undefined, why."""
    one = measurement
    found = []
    if one.length_mm is not None:
        found.append(f"{number(one.length_mm, 1)} mm")
    if one.angle_deg is not None:
        found.append(f"{number(one.angle_deg, 1)}°")
    if one.mean_hu is not None and one.sd_hu is None:
        found.append(f"{number(one.mean_hu, 0)} HU")
    elif one.mean_hu is not None and one.sd_hu is not None:
        found += [
            gettext("mean %(mean_hu)s HU") % {"mean_hu": number(one.mean_hu, 1)},
            gettext("SD %(sd_hu)s") % {"sd_hu": number(one.sd_hu, 1)},
        ]
    if one.min_hu is not None and one.max_hu is not None:
        found.append(f"min {number(one.min_hu, 0)}, max {number(one.max_hu, 0)} HU")
    if one.area_mm2 is not None:
        found.append(gettext("area %(area_mm2)s mm²") % {"area_mm2": number(one.area_mm2, 1)})
    if one.pixels is not None and one.sd_hu is not None:
        found.append(gettext("%(pixels)s pixels") % {"pixels": one.pixels})
    if one.hu_undefined_reason:
        found.append(
            gettext("no HU: %(hu_undefined_reason)s")
            % {"hu_undefined_reason": one.hu_undefined_reason}
        )
    return found


def extent(read: Read) -> str:
    """How far contrast reaches: levels, millimetres, or both; "" where neither was given."""
    parts = []
    if read.extent_from_level:
        upper, lower = (
            read.get_extent_from_level_display(),
            read.get_extent_to_level_display(),
        )
        parts.append(gettext("from %(upper)s to %(lower)s") % {"upper": upper, "lower": lower})
    if read.extent_mm is not None:
        parts.append(gettext("over %(extent_mm)s mm") % {"extent_mm": read.extent_mm})
    return " ".join(["contrast", *parts]) if parts else ""


def shown(images_shown: Mapping[str, Sequence[int]]) -> str:
    """How many slices were on the screen, of how many; "" where nobody counted."""
    if not images_shown:
        return ""
    seen, total = (sum(column) for column in zip(*images_shown.values(), strict=True))
    return gettext("%(seen)s of %(total)s slices were on the screen") % {
        "seen": seen,
        "total": total,
    }


def number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)
