"""How a picture shall look, read from its address.

References
----------
DICOM PS3.18 8.3.5.1.
"""

import math

from django.http import QueryDict

from imaging.dicom.rendering import FUNCTIONS, JPEG, LARGEST_SIDE, LINEAR, PNG, Rendering
from imaging.dicomweb.accepted import accepted
from imaging.dicomweb.refusal import bad_request, not_acceptable

THUMBNAIL_SIDE = 128
LARGEST_HU = 10.0**6
PARAMETERS = frozenset({"accept", "charset", "window", "viewport", "quality", "annotation"})


def rendering(
    query: QueryDict, *, accept: str, rows: int, columns: int, thumbnail: bool = False
) -> Rendering:
    """What was asked for an image of this size.

    Raises
    ------
    RefusedError
        400 or 406; the sentence names the parameter.
    """
    unknown = sorted(set(query) - PARAMETERS)
    if unknown:
        raise bad_request(
            f"{unknown[0][:64]!r} is no parameter here: there are {', '.join(sorted(PARAMETERS))}."
        )
    centre, width, function = _window(query.get("window", ""))
    default = f"{THUMBNAIL_SIDE},{THUMBNAIL_SIDE}" if thumbnail else ""
    size, region = _viewport(query.get("viewport", default), rows=rows, columns=columns)
    return Rendering(
        media_type=_media_type(accept),
        window_centre_hu=centre,
        window_width_hu=width,
        function=function,
        largest_columns=size[0] if size else None,
        largest_rows=size[1] if size else None,
        region=region,
        quality=_quality(query.get("quality", "90")),
    )


def _media_type(accept: str) -> str:
    for one in accepted(accept):
        if one.multipart:
            continue
        for media_type in (JPEG, PNG):
            if one.covers(media_type):
                return media_type
    raise not_acceptable("Pictures are given as image/jpeg or image/png.")


def _window(text: str) -> tuple[float | None, float | None, str]:
    if not text:
        return None, None, LINEAR
    parts = text.split(",")
    function = parts[2].lower() if len(parts) == 3 else LINEAR
    centre, width = [*_numbers(parts[:2]), math.nan, math.nan][:2]
    valid = abs(centre) <= LARGEST_HU and 0 < width <= LARGEST_HU
    if len(parts) not in (2, 3) or not valid or function not in FUNCTIONS:
        raise bad_request(
            "window takes centre and width in HU, the width above 0, and linear, linear-exact or "
            "sigmoid, separated by commas."
        )
    if function == LINEAR and width < 1:
        raise bad_request("A linear window is at least 1 wide.")
    return centre, width, function


def _viewport(
    text: str, *, rows: int, columns: int
) -> tuple[tuple[int, int] | None, tuple[int, int, int, int] | None]:
    """Largest columns and rows; left, top, columns and rows of the region, None for all."""
    if not text:
        return None, None
    parts = text.split(",")
    sizes = _numbers(parts[:2])
    if (
        len(parts) not in (2, 6)
        or len(sizes) != 2
        or not all(1 <= size <= LARGEST_SIDE for size in sizes)
    ):
        raise bad_request(
            f"viewport takes width and height from 1 to {LARGEST_SIDE}, and left, top, width and "
            "height of the region, separated by commas."
        )
    size = int(sizes[0]), int(sizes[1])
    if len(parts) == 2:
        return size, None
    given = [float(part or default) for part, default in _filled(parts[2:], columns, rows)]
    left, top, wide, high = (int(number) for number in given)
    inside = 0 <= left < columns and 0 <= top < rows and wide >= 1 and high >= 1
    if not inside or left + wide > columns or top + high > rows:
        raise bad_request(
            f"The region of viewport lies outside the image of {columns} columns and {rows} rows; "
            "a mirrored one is not given."
        )
    return size, (left, top, wide, high)


def _filled(parts: list[str], columns: int, rows: int) -> list[tuple[str, int]]:
    """A number that is left out stands for all there is."""
    if len(_numbers([part or "0" for part in parts])) != len(parts):
        raise bad_request("The region of viewport is four numbers.")
    left, top = (int(float(part or 0)) for part in parts[:2])
    return list(zip(parts, (0, 0, columns - left, rows - top), strict=True))


def _quality(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= 100):
        raise bad_request("quality takes a whole number from 1 to 100.")
    return int(text[:4])


def _numbers(parts: list[str]) -> list[float]:
    """The numbers; fewer where one is none."""
    found = []
    for part in parts:
        try:
            number = float(part)
        except ValueError:
            continue
        if math.isfinite(number):
            found.append(number)
    return found
