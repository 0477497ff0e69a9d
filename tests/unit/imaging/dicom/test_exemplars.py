"""The exemplars beside the definitions are what the phantom draws today."""

import struct
import zlib

import numpy as np
import pytest

from imaging.dicom.exemplars import SHOWN, exemplar
from registry.forms.read import ImagesReadForm
from tests.architecture.source_tree import ROOT

STORED = ROOT / "registry" / "islands" / "exemplars"


def grey_levels(content: bytes) -> np.ndarray:
    """The pixels of a PNG as `picture.png` writes it: one IDAT chunk, no filter."""
    columns, rows = struct.unpack(">II", content[16:24])
    (length,) = struct.unpack(">I", content[33:37])
    lines = np.frombuffer(zlib.decompress(content[41 : 41 + length]), np.uint8)
    return lines.reshape(rows, columns + 1)[:, 1:]


@pytest.mark.parametrize("finding", SHOWN)
def test_the_stored_picture_is_that_of_the_phantom(finding):
    """Written anew by `python -m imaging.dicom.exemplars registry/islands/exemplars`."""
    stored = grey_levels((STORED / f"{finding.value}.png").read_bytes())
    # Another processor may round a level differently.
    assert np.abs(stored.astype(int) - exemplar(finding)).max() <= 1


def test_every_finding_has_an_exemplar_and_every_exemplar_a_finding():
    pictures = ImagesReadForm().fields["primary_finding"].pictures
    shown = {picture.path for some in pictures.values() for picture in some}
    assert shown == {f"crescent/exemplars/{path.name}" for path in STORED.iterdir()}
    assert all(pictures.values())
