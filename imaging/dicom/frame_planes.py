"""Where each frame of a multi-frame image lies, from its functional groups.

References
----------
DICOM PS3.3 C.7.6.16 (functional groups), C.7.6.16.2.1 (pixel measures), C.7.6.16.2.3 and .4 (plane
position and orientation), C.8.15.3.1 (frame type), C.8.15.3.4 (acquisition details).
"""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from .element_values import items, numbers, texts

FramePlane = tuple[
    tuple[float, float, float] | None,
    tuple[float, float, float, float, float, float] | None,
    tuple[float, float] | None,
    float | None,
    float | None,
    bool,
]
"""Position (mm), cosines, pixel spacing (mm), slice thickness (mm), gantry tilt (degrees), and
whether the frame is a localiser; None is unknown."""

UNKNOWN_PLANE: FramePlane = (None, None, None, None, None, False)

_SHARED_GROUPS = 0x52009229
_PER_FRAME_GROUPS = 0x52009230
_POSITION = (0x00209113, 0x00200032)
_ORIENTATION = (0x00209116, 0x00200037)
_SPACING = (0x00289110, 0x00280030)
_THICKNESS = (0x00289110, 0x00180050)
_TILT = (0x00189304, 0x00181120)
_FRAME_TYPE = (0x00189329, 0x00089007)


def frame_planes(dataset: Dataset, *, frames: int) -> tuple[FramePlane, ...]:
    """One plane for each frame of a multi-frame image; () for a single one.

    What a frame does not say itself the shared groups say for all; where neither does, it is
    unknown, whatever the other frames say.
    """
    if frames <= 1:
        return ()
    shared = items(dataset, _SHARED_GROUPS)[:1]
    of_frames = items(dataset, _PER_FRAME_GROUPS)[:frames]
    planes = [_plane([groups, *shared]) for groups in of_frames]
    beyond = _plane(shared) if shared and not of_frames else UNKNOWN_PLANE
    return (*planes, *[beyond] * (frames - len(planes)))


def spacing(values: tuple[float, ...] | None) -> tuple[float, float] | None:
    if values is None or len(values) != 2 or min(values) <= 0:
        return None
    return values[0], values[1]


def three(values: tuple[float, ...] | None) -> tuple[float, float, float] | None:
    return (values[0], values[1], values[2]) if values is not None and len(values) == 3 else None


def six(
    values: tuple[float, ...] | None,
) -> tuple[float, float, float, float, float, float] | None:
    if values is None or len(values) != 6:
        return None
    return values[0], values[1], values[2], values[3], values[4], values[5]


def _plane(places: Sequence[Dataset]) -> FramePlane:
    frame_type: tuple[str, ...] = ()
    for inner in _inner(places, *_FRAME_TYPE):
        frame_type = texts(inner, _FRAME_TYPE[1])
    thickness, tilt = _numbers(places, *_THICKNESS), _numbers(places, *_TILT)
    return (
        three(_numbers(places, *_POSITION)),
        six(_numbers(places, *_ORIENTATION)),
        spacing(_numbers(places, *_SPACING)),
        thickness[0] if thickness and thickness[0] > 0 else None,
        tilt[0] if tilt else None,
        "LOCALIZER" in frame_type,
    )


def _inner(places: Sequence[Dataset], group: int, tag: int) -> list[Dataset]:
    """The item of the first place that holds the element; none or one."""
    for place in places:
        for inner in items(place, group)[:1]:
            if tag in inner._dict:
                return [inner]
    return []


def _numbers(places: Sequence[Dataset], group: int, tag: int) -> tuple[float, ...] | None:
    for inner in _inner(places, group, tag):
        return numbers(inner, tag)
    return None
