"""Two files that wait in quarantine, so that there is something to decide about."""

import io
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
from django.core.management import call_command
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import UID

from config.demo.images import LINKED_BY, DeliveryError, Shape, with_images
from config.demo.marks import SUSPECTS_LOADED, mark
from config.demo.people import DEMO
from config.demo.plan import PatientPlan
from imaging.dicom.phantom import DEFAULT_SHAPE, make_series
from imaging.queries.quarantine import quarantined
from registry import queries

SOME_REFUSED = 2
GREY, WHITE = 1000, 1800
"""Stored values of the page and of its letters."""
LETTER_PIXELS = 4
"""Side of one dot of a letter; smaller pictures have smaller ones."""

PAGE = (
    "###...##...###..###....###..###.###..##..###.###",
    "#..#.#..#.#....#.......#..#.#...#..#.#..#.#..#.#.",
    "#..#.#..#..##..##......###..##..###..#..#.###..#.",
    "#..#.#..#....#.#.......#.#..#...#....#..#.#.#..#.",
    "###...##..###..###.....#..#.###.#.....##..#..#.#.",
)
"""DOSE REPORT, as a scanner writes it into the picture."""


def deliver_suspects(
    plans: Iterable[PatientPlan], *, shape: Shape = DEFAULT_SHAPE, at: datetime
) -> None:
    """Deliver a page with text in it and an image that contradicts a stored one.

    An interrupted run that delivered them already is only completed.

    Raises
    ------
    DeliveryError
        They did not end in quarantine.
    """
    manager = queries.people.by_username(LINKED_BY)
    if not quarantined(viewer=manager).exists():
        patient, study = with_images(plans)[0]
        assert study.image is not None
        first = make_series(
            study.image.finding,
            seed=study.image.seed,
            study_date=study.performed_on,
            patient_id=patient.local_number,
            patient_name=patient.name.upper().replace(" ", "^", 1),
            shape=shape,
        )[0]
        with tempfile.TemporaryDirectory(prefix="crescent-demo-") as folder:
            for name, suspect in (("page", _page(first)), ("other", _contradicting(first))):
                suspect.save_as(Path(folder) / f"{name}.dcm", enforce_file_format=True)
            _ingest(folder)
    mark(SUSPECTS_LOADED, centre=queries.centres.by_code(DEMO), at=at)


def _page(image: Dataset) -> Dataset:
    """The image with a line of text in it, under an identity of its own."""
    page = _copy(image)
    page.SOPInstanceUID = UID(f"{image.SOPInstanceUID}.9")
    page.file_meta.MediaStorageSOPInstanceUID = page.SOPInstanceUID
    page.BurnedInAnnotation = "YES"
    pixels = np.full((image.Rows, image.Columns), GREY, dtype="<i2")
    width = max(map(len, PAGE))
    dots = np.array([[dot == "#" for dot in line.ljust(width, ".")] for line in PAGE])
    size = max(1, min(LETTER_PIXELS, image.Columns // (width + 2)))
    letters = np.kron(dots, np.ones((size, size), dtype=bool))[: image.Rows, : image.Columns]
    pixels[: letters.shape[0], : letters.shape[1]][letters] = WHITE
    page.PixelData = pixels.tobytes()
    return page


def _contradicting(image: Dataset) -> Dataset:
    """The same identity with other pixels, as after a second reconstruction."""
    other = _copy(image)
    pixels = np.frombuffer(image.PixelData, dtype="<i2").reshape(image.Rows, image.Columns)
    other.PixelData = np.roll(pixels, image.Columns // 8, axis=1).tobytes()
    other.ConvolutionKernel = "B70f"
    return other


def _copy(image: Dataset) -> Dataset:
    stream = io.BytesIO()
    image.save_as(stream, enforce_file_format=True)
    stream.seek(0)
    return dcmread(stream)


def _ingest(folder: str) -> None:
    answer = io.StringIO()
    try:
        call_command("ingest", folder, centre=DEMO, stdout=answer, stderr=io.StringIO())
    except SystemExit as refused:
        if refused.code == SOME_REFUSED:
            return
    raise DeliveryError("the files for the quarantine were not kept apart")
