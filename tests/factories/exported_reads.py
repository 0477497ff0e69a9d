"""A signed read of stored images, with a mark of every kind and two key images."""

from typing import Any

from imaging.models import Instance, Study
from registry import actions
from registry.actions.read_marks import KeyImageEntry, MeasurementEntry
from registry.actions.reads import FindingEntry
from registry.models import Read, Role, User
from tests.factories import registry_records as make
from tests.factories import stored_studies

CANARY = "CANARYREMARK"
"""In every free text of the read: nothing of it leaves."""


def person(*roles: str, centre_code: str = "NORTH") -> User:
    """Somebody of the centre with these roles, or all."""
    centre = make.Centre.objects.filter(code=centre_code).first() or make.centre(centre_code)
    return make.user(at_centre=centre, roles=roles or list(Role.values))


def of_images(*, by: User, centre_code: str = "NORTH", **answers: Any) -> tuple[Read, Study]:
    """A read of images that are stored, with marks on them."""
    centre = make.Centre.objects.get(code=centre_code)
    patient = make.patient(by=by, at_centre=centre)
    study = make.contrast_study(of=make.case(of=patient, by=by), by=by)
    images = stored_studies.study(centre_code=centre_code, slices=3)
    make.study_link(of=study, study=images, by=by, reason="of the test")
    return sign(study, images, by=by, **answers), images


def sign(study: make.ContrastStudy, images: Study, *, by: User, **answers: Any) -> Read:
    series = images.series.get()
    marks = {
        "measurements": [
            _mark(images, "length", [(2, 2), (12, 2)]),
            _mark(images, "angle", [(2, 2), (8, 2), (8, 7)]),
            _mark(images, "ellipse", [(5, 8), (5, 10), (2, 9), (8, 9)]),
            _mark(images, "freehand", [(3, 3), (9, 3), (9, 9), (3, 9)]),
            _mark(images, "probe", [(4, 5)]),
            _mark(images, "arrow", [(6, 6), (9, 9)]),
            _mark(images, "length", [(2, 2), (12, 2)], on_slice=False),
        ],
        "key_images": [
            KeyImageEntry(series.public_id, 1, 300.0, 1500.0),
            KeyImageEntry(series.public_id, 0, 40.0, 400.0),
        ],
        "images_shown": {series.public_id: (2, 3)},
    }
    given = {
        "source": "images_here",
        "information_shown": ["images_only"],
        "adequacy": "adequate",
        "certainty": 5,
        "tip_level": "t10",
        "extent_mm": 85,
        "extent_from_level": "t8",
        "extent_to_level": "t12",
        "remarks": CANARY,
        "findings": [
            FindingEntry("leak", ("pump_pocket_around_pump", "epidural")),
            FindingEntry("inadequate_pooling", ("tip_level",)),
        ],
    }
    return actions.reads.sign(
        contrast_study=study,
        by=by,
        **{"at": make.NOW, "opened_at": make.NOW, **given, **marks, **answers},
    )


def _mark(
    images: Study, kind: str, places: list[tuple[int, int]], *, on_slice: bool = True
) -> MeasurementEntry:
    series = images.series.get()
    middle = Instance.objects.get(series=series, slice_index=1)
    return MeasurementEntry(
        kind=kind,
        series=series.public_id,
        slice_index=1 if on_slice else None,
        points_mm=[_place(middle, *place) for place in places],
        text=CANARY,
    )


def _place(instance: Instance, column: int, row: int) -> list[float]:
    row_mm, column_mm = instance.attributes["pixel_spacing_mm"]
    x, y, z = instance.attributes["image_position_mm"]
    return [x + column * column_mm, y + row * row_mm, z]
