"""Suspect text in the pixels from what the header says about the image.

A dose page or a screenshot that is stored as a CT image shows name, number and date of birth as
pixels, where no de-identification reaches them. Such an image is kept apart for a person to
look at. The pixels themselves are not read: an axial header that lies is not found out.

References
----------
DICOM PS3.3 C.7.6.1.1.5 (Burned In Annotation), C.8.6.1 (SC Equipment), C.8.2.1 (CT Image),
C.7.6.2 (Image Plane), C.7.6.16 (functional groups).
"""

import re
from functools import lru_cache

from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage

from .element_values import first_text, integer, items, numbers, texts
from .elements import describe
from .errors import BurnedInAnnotationError

BURNED_IN_ANNOTATION = 0x00280301
IMAGE_TYPE = 0x00080008
SOP_CLASS = 0x00080016
SAMPLES = 0x00280002
PHOTOMETRIC = 0x00280004

SECONDARY_CAPTURE = (
    0x00080064,  # Conversion Type
    0x00181010,  # Secondary Capture Device ID
    0x00181012,  # Date of Secondary Capture
    0x00181014,  # Time of Secondary Capture
    0x00181016,  # Secondary Capture Device Manufacturer
    0x00181018,  # Secondary Capture Device Manufacturer's Model Name
    0x00181022,  # Video Image Format Acquired
    0x00181023,  # Digital Image Format Acquired
)
"""Elements of images that were captured, scanned or converted (PS3.3 C.8.6.1)."""

DESCRIPTIONS = (
    0x0008103E,  # Series Description
    0x00181030,  # Protocol Name
    0x00204000,  # Image Comments
)

PAGE_TYPES = re.compile(
    r"SCREEN|SAVE|(?<!LOW)(?<!LOW[ _])DOSE|PROT\b|PROTOCOL|REPORT|SUMMARY|CAPTURE|SNAPSHOT"
    r"|PHOTO\b|PRINT|\bTEXT|ANNOT|EVIDENCE|PASTED|FILMING"
)
"""Parts of Image Type that makers give to pages of text [own]: GE SCREEN SAVE, Siemens CT_SOM5
PROT, Toshiba DOSE_INFO, Philips DOSE."""

PAGE_TITLES = re.compile(
    r"\bdose[\s_-]*(report|info|information|summary|page|record|sheet|protocol|structured)"
    r"|\b(patient|exam|examination|scan|dosis)[\s_-]*(protocol|protokoll|summary|info|page|report)\b"
    r"|\bscreen[\s_-]*(save|saves|shot|shots|capture|captures)\b"
    r"|\b(secondary[\s_-]*capture|key[\s_-]*images?|summary[\s_-]*series|dosisbericht"
    r"|patientenprotokoll)\b",
    re.IGNORECASE,
)
"""Titles of such pages [own]. "Low dose" and "protocol" alone are titles of scans."""

COLOURS = ("RGB", "YBR", "PALETTE", "HSV", "ARGB", "CMYK")
LOCALIZERS = frozenset({"LOCALIZER", "SCOUT", "TOPOGRAM"})

_POSITION, _ORIENTATION, _SPACING = 0x00200032, 0x00200037, 0x00280030
_PLACES = ((0x00209113, _POSITION, 3), (0x00209116, _ORIENTATION, 6), (0x00289110, _SPACING, 2))
"""Functional group, element within it and number of its values (PS3.3 C.7.6.16.2.1 to 2.4)."""


def suspected(dataset: Dataset) -> BurnedInAnnotationError | None:
    """Why the pixels may hold text, as an error that names the element; None when they should not.

    Parameters
    ----------
    dataset
        The header as it came in.
    """
    if (first_text(dataset, BURNED_IN_ANNOTATION) or "").upper() == "YES":
        return BurnedInAnnotationError(describe(BURNED_IN_ANNOTATION))
    for tag in SECONDARY_CAPTURE:
        if tag in dataset._dict and any(texts(dataset, tag)):
            return BurnedInAnnotationError(describe(tag))
    image_type = texts(dataset, IMAGE_TYPE)
    if any(map(_is_page_type, image_type)):
        return BurnedInAnnotationError(describe(IMAGE_TYPE))
    for tag in DESCRIPTIONS:
        if any(_is_page_title(value[:1024]) for value in texts(dataset, tag)):
            return BurnedInAnnotationError(describe(tag))
    if integer(dataset, SAMPLES) != 1:
        return BurnedInAnnotationError(describe(SAMPLES))
    if (first_text(dataset, PHOTOMETRIC) or "").upper().startswith(COLOURS):
        return BurnedInAnnotationError(describe(PHOTOMETRIC))
    if LOCALIZERS.isdisjoint(map(str.upper, image_type)):
        missing = _missing_geometry(dataset)
        if missing is not None:
            return BurnedInAnnotationError(f"{describe(missing)} is missing")
    return None


@lru_cache(maxsize=256)
def _is_page_type(value: str) -> bool:
    return PAGE_TYPES.search(value.upper()) is not None


@lru_cache(maxsize=256)
def _is_page_title(value: str) -> bool:
    return PAGE_TITLES.search(value) is not None


def _missing_geometry(dataset: Dataset) -> int | None:
    """The element without which nobody says where the pixels lie in a patient."""
    enhanced = first_text(dataset, SOP_CLASS) != CTImageStorage
    for group, tag, count in _PLACES:
        found = numbers(dataset, tag)
        if found is None and enhanced:
            found = _in_functional_groups(dataset, group, tag)
        if found is None or len(found) != count:
            return tag
    return None


def _in_functional_groups(dataset: Dataset, group: int, tag: int) -> tuple[float, ...] | None:
    """The value for the first frame: of its own groups, or of those that all frames share."""
    for sequence in (0x52009230, 0x52009229):
        for item in items(dataset, sequence)[:1]:
            for inner in items(item, group)[:1]:
                if (found := numbers(inner, tag)) is not None:
                    return found
    return None
