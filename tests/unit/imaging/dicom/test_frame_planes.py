"""An enhanced image lies where the single slices of the same geometry lie."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.frame_planes import frame_planes
from imaging.dicom.geometry import GeometryVerdict, SlicePlane, judge_series

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
LEANING = (1.0, 0.0, 0.0, 0.0, 0.9659258, -0.2588190)
GROUP_OF = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "GantryDetectorTilt": "CTAcquisitionDetailsSequence",
}


def groups_of(values: dict[str, Any]) -> Dataset:
    groups = Dataset()
    for keyword, value in values.items():
        if value is None:
            continue
        if GROUP_OF[keyword] not in groups:
            setattr(groups, GROUP_OF[keyword], Sequence([Dataset()]))
        setattr(getattr(groups, GROUP_OF[keyword])[0], keyword, value)
    return groups


def attributes_of(dataset: Dataset) -> InstanceAttributes:
    """As they are read again from the database."""
    found = InstanceAttributes.of(dataset, transfer_syntax_uid=ExplicitVRLittleEndian)
    return InstanceAttributes.from_json(json.loads(json.dumps(found.to_json())))


def as_single_slices(geometry: list[dict[str, Any]]) -> GeometryVerdict:
    planes = []
    for index, values in enumerate(geometry):
        dataset = Dataset()
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        for keyword, value in values.items():
            if value is not None:
                setattr(dataset, keyword, value)
        planes += SlicePlane.of_frames(attributes_of(dataset), reference=str(index))
    return judge_series(planes)


def enhanced(geometry: list[dict[str, Any]], *, shared: set[str]) -> Dataset:
    """One image of many frames; the groups in `shared` are told once for all of them."""
    dataset = Dataset()
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    dataset.NumberOfFrames = len(geometry)
    once = {keyword: geometry[0][keyword] for keyword in geometry[0] if GROUP_OF[keyword] in shared}
    dataset.SharedFunctionalGroupsSequence = Sequence([groups_of(once)])
    dataset.PerFrameFunctionalGroupsSequence = Sequence(
        [
            groups_of({name: value for name, value in frame.items() if name not in once})
            for frame in geometry
        ]
    )
    return dataset


def as_enhanced(geometry: list[dict[str, Any]], *, shared: set[str]) -> GeometryVerdict:
    found = attributes_of(enhanced(geometry, shared=shared))
    return judge_series(SlicePlane.of_frames(found, reference="0"))


def frame(z: float, **overrides: Any) -> dict[str, Any]:
    return {
        "ImagePositionPatient": [-50.0, -50.0, z],
        "ImageOrientationPatient": list(AXIAL),
        "PixelSpacing": [0.5, 0.5],
        "SliceThickness": 2.0,
        "GantryDetectorTilt": None,
    } | overrides


positions = st.lists(st.integers(-20, 20).map(float), min_size=3, max_size=3) | st.none()
frames = st.builds(
    lambda z, more: frame(float(z)) | more,
    st.integers(-10, 10),
    st.fixed_dictionaries(
        {},
        optional={
            "ImagePositionPatient": positions,
            "ImageOrientationPatient": st.sampled_from(
                [list(AXIAL), list(SAGITTAL), list(LEANING), None]
            ),
            "PixelSpacing": st.sampled_from([[0.5, 0.5], [0.5, 0.7], None]),
            "SliceThickness": st.sampled_from([1.0, 4.0, None]),
            "GantryDetectorTilt": st.sampled_from([0.0, 12.0, None]),
        },
    ),
)


@settings(max_examples=200)
@given(st.lists(frames, min_size=2, max_size=8))
def test_frames_get_the_verdict_of_single_slices(geometry):
    single, many = as_single_slices(geometry), as_enhanced(geometry, shared=set())
    # Slices at one and the same place have no order of their own.
    assert replace(many, order=()) == replace(single, order=())
    assert sorted(many.order) == sorted(single.order)


@settings(max_examples=50)
@given(st.lists(st.integers(-10, 10), min_size=2, max_size=8, unique=True))
def test_what_all_frames_share_counts_for_each(heights):
    geometry = [frame(float(z)) for z in heights]
    shared = {"PlaneOrientationSequence", "PixelMeasuresSequence"}
    assert as_enhanced(geometry, shared=shared) == as_single_slices(geometry)


@pytest.mark.parametrize(
    ("heights", "codes", "mpr_allowed"),
    [
        ([0, 2, 4, 6], ["even_spacing"], True),
        ([6, 0, 4, 2], ["even_spacing"], True),
        ([0, 2, 4, 8, 10], ["gap"], False),
        ([0, 2, 2, 4], ["even_spacing", "duplicate_position"], False),
    ],
)
def test_reformation_is_allowed_where_the_frames_are_even(heights, codes, mpr_allowed):
    verdict = as_enhanced([frame(float(z)) for z in heights], shared={"PlaneOrientationSequence"})
    assert [code.value for code in verdict.codes] == codes
    assert verdict.mpr_allowed is mpr_allowed
    assert verdict.volume_slices == len(heights)


def test_frames_without_groups_of_their_own_are_not_placed():
    dataset = enhanced([frame(float(z)) for z in (0, 2, 4, 6)], shared=set())
    del dataset.PerFrameFunctionalGroupsSequence[2:]
    verdict = judge_series(SlicePlane.of_frames(attributes_of(dataset), reference="0"))
    assert "missing_geometry" in [code.value for code in verdict.codes]
    assert not verdict.mpr_allowed


def test_a_frame_that_is_a_localiser_is_told():
    dataset = enhanced([frame(float(z)) for z in (0, 2, 4)], shared=set())
    frame_type = Dataset()
    frame_type.FrameType = ["ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"]
    dataset.PerFrameFunctionalGroupsSequence[0].CTImageFrameTypeSequence = Sequence([frame_type])
    verdict = judge_series(SlicePlane.of_frames(attributes_of(dataset), reference="0"))
    assert [code.value for code in verdict.codes] == ["even_spacing", "localiser_inside"]
    assert verdict.volume_slices == 2


def test_images_stored_before_planes_were_kept_have_no_volume():
    found = attributes_of(enhanced([frame(0.0), frame(2.0)], shared=set()))
    before = {name: value for name, value in found.to_json().items() if name != "frame_planes"}
    planes = SlicePlane.of_frames(InstanceAttributes.from_json(before), reference="0")
    assert len(planes) == 2
    assert judge_series(planes).mpr_reason == "At least one slice does not say where it lies."


def test_a_single_frame_has_no_planes_of_frames():
    assert frame_planes(enhanced([frame(0.0)], shared=set()), frames=1) == ()
