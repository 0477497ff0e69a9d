"""The key images of a read as Key Object Selection."""

import io
from dataclasses import replace

import pydicom
import pytest
from highdicom.ko import KeyObjectSelectionDocument
from hypothesis import assume, given, settings

from registry.exchange import key_objects
from tests.factories.dicom_checks import require_sound
from tests.factories.read_documents import (
    FRAME,
    OF_ANOTHER_STUDY,
    OTHER_STUDY,
    SLICE,
    STUDY,
    complete,
    read_documents,
)


def test_dcmtk_and_dicom3tools_find_no_error(tmp_path):
    listed = require_sound(key_objects.write(complete()), tmp_path)
    assert "Key Object Selection Document" in listed
    assert listed.count("<contains IMAGE") == 2


@settings(deadline=None, max_examples=40)
@given(read_documents())
def test_it_comes_back_equal(document):
    assume(document.key_images)
    assert key_objects.read(key_objects.write(document)) == key_objects.selected(document)


def test_the_same_read_is_the_same_file():
    assert key_objects.write(complete()) == key_objects.write(complete())


def test_highdicom_finds_where_the_images_are():
    selection = KeyObjectSelectionDocument.from_dataset(
        pydicom.dcmread(io.BytesIO(key_objects.write(complete())))
    )
    for image in (SLICE, FRAME):
        assert selection.resolve_reference(image.sop_instance_uid) == (
            STUDY,
            image.series_instance_uid,
            image.sop_instance_uid,
        )


def test_images_of_another_study_are_named_with_it(tmp_path):
    """A contrast study may have several DICOM studies."""
    first, second = complete().key_images
    document = replace(complete(), key_images=(first, replace(second, image=OF_ANOTHER_STUDY)))
    written = key_objects.write(document)
    require_sound(written, tmp_path)
    assert [image.study_instance_uid for image in key_objects.read(written).images] == [
        STUDY,
        OTHER_STUDY,
    ]


def test_a_read_without_key_images_has_no_selection():
    with pytest.raises(key_objects.NoKeyImagesError):
        key_objects.write(replace(complete(), key_images=()))
