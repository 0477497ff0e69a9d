"""The paper of a read: what it says, and that it can be set."""

import re
import subprocess

import numpy as np
import pytest

from imaging.dicom.picture import png
from imaging.outbound import Picture
from registry.models import Read
from registry.presenters import read_pdf
from registry.presenters.key_image_drawing import DrawnMark
from registry.presenters.read_pdf import KeyPicture
from registry.vocabulary import VOCABULARY_VERSION, ImagingFindingCode
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PNG = png(np.zeros((1, 1), dtype=np.uint8))


@pytest.fixture
def read():
    return of_images(by=person(), remarks="See the fourth slice.")[0]


def described(read, *, facts=("CR-000001",), **picture):
    names = {str(one.series.public_id): "Series 1" for one in read.key_images.all()}
    pictures = [
        KeyPicture(
            one,
            "Series 1",
            **{
                "picture": Picture(PNG, 1, 1, 10.0, 10.0),
                "marks": [DrawnMark(1, "probe", [(0.5, 0.5)])],
            }
            | picture,
        )
        for one in read.key_images.select_related("instance")
    ]
    return read_pdf.document(
        read, code="Study ABC123", facts=facts, series=names, pictures=pictures
    )


def text_of(content, tmp_path):
    file = tmp_path / "read.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def test_everything_of_the_read_is_on_the_paper(read, tmp_path):
    text = text_of(read_pdf.typeset(described(read)), tmp_path)
    leak = ImagingFindingCode.LEAK
    for words in (
        "Read of Study ABC123",
        "CR-000001",
        "Leak primary finding",
        "around the pump, epidural",
        "Inadequate pooling further finding",
        "5 · definitely present",
        "from T8 to T12 over",
        "See the fourth slice.",
        "Images only",
        "2 of 3 slices",
        "key image 1",
        "Key image 1 · Series 1, slice 2 · window centre 300, width 1500 HU",
        "reformatted plane",
        leak.definition,
        leak.exclusions[0],
        f"vocabulary version {VOCABULARY_VERSION}",
        "not a medical device",
        str(read.public_id),
        f"by {read.reader.get_username()}",
        "Page 1 of 2",
    ):
        assert words in text


def test_the_time_of_signing_is_that_of_the_centre(read):
    assert "2024-06-01 11:30 (Europe/Berlin)" in described(read)["signed"]


def test_a_picture_that_cannot_be_shown_says_why(read, tmp_path):
    lost = described(read, picture=None, marks=(), problem="The image cannot be read.")
    assert "The image cannot be read." in text_of(read_pdf.typeset(lost), tmp_path)


def test_letters_without_a_shape_become_squares_and_figures_stay(read, tmp_path):
    """PDF/A refuses a letter that the typeface lacks; a minus sign of ours is none."""
    paper = described(read) | {"remarks": "\u9020\u5f71"}
    paper["measurements"][0][2] = "\N{MINUS SIGN}5 HU"
    text = text_of(read_pdf.typeset(paper), tmp_path)
    assert "\N{WHITE SQUARE}\N{WHITE SQUARE}" in text
    assert "\N{MINUS SIGN}5 HU" in text


def test_a_corrected_read_says_so(read):
    make.read(of=read.contrast_study, by=read.reader, supersedes=read, correction_reason="why")
    again = Read.objects.get(pk=read.pk)
    assert described(again)["superseded"] == "A later read corrects this one."


def test_an_abstracted_read_without_images_is_set_too(tmp_path):
    somebody = person()
    patient = make.patient(by=somebody, at_centre=make.Centre.objects.get())
    study = make.contrast_study(of=make.case(of=patient, by=somebody), by=somebody)
    text = text_of(read_pdf.typeset(described(make.read(of=study, by=somebody))), tmp_path)
    assert "Abstracted from a report" in text
    assert "Measurements" not in text
    assert "Key images" not in text
