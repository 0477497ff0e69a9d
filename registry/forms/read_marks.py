"""What the viewer puts into the form: measurements, key images, and what was on the screen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.actions.read_marks import KeyImageEntry, MeasurementEntry

MOST_CHARACTERS = 2_000_000
"""A hundred outlines with two thousand corners would not be a read [own]."""

NOT_UNDERSTOOD = _(
    "What was drawn could not be understood, so the read is not signed. Your other answers are "
    "kept. Open the page again and draw it anew."
)


@dataclass(frozen=True)
class Marks:
    """As `actions.reads.sign` takes them; nothing of it is compared with the images yet."""

    measurements: tuple[MeasurementEntry, ...] = ()
    key_images: tuple[KeyImageEntry, ...] = ()
    shown: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, plain: Any) -> "Marks":
        """Build from plain JSON values.

        Raises
        ------
        KeyError, TypeError, ValueError, OverflowError, AttributeError
            They have another shape.
        """
        return cls(
            measurements=tuple(_measurement(one) for one in plain.get("measurements", ())),
            key_images=tuple(_key_image(one) for one in plain.get("key_images", ())),
            shown={
                UUID(series): (_whole(count), _whole(total))
                for series, (count, total) in plain.get("shown", {}).items()
            },
        )


class MarksField(forms.CharField):
    """A hidden text of JSON that comes out as `Marks`; empty without scripts."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Measurements and key images"),
            required=False,
            strip=False,
            max_length=MOST_CHARACTERS,
            widget=forms.HiddenInput,
        )

    def clean(self, value: Any) -> Marks:
        text = super().clean(value)
        if not text:
            return Marks()
        try:
            return Marks.of(json.loads(text))
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError):
            raise ValidationError(NOT_UNDERSTOOD) from None


def _measurement(plain: Mapping[str, Any]) -> MeasurementEntry:
    index = plain["slice_index"]
    return MeasurementEntry(
        kind=_text(plain["kind"]),
        series=UUID(plain["series"]),
        slice_index=None if index is None else _whole(index),
        points_mm=[[_number(share) for share in point] for point in plain["points_mm"]],
        text=_text(plain.get("text", "")),
    )


def _key_image(plain: Mapping[str, Any]) -> KeyImageEntry:
    return KeyImageEntry(
        series=UUID(plain["series"]),
        slice_index=_whole(plain["slice_index"]),
        window_centre_hu=_number(plain["window"]["centre_hu"]),
        window_width_hu=_number(plain["window"]["width_hu"]),
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _whole(value: Any) -> int:
    """A place or a count, from 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError
    # A lone surrogate is no text that could be stored.
    value.encode()
    return value
