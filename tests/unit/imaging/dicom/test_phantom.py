"""What each synthetic series shows, measured in its voxels; definitions of Abousamra 2016."""

from datetime import date
from functools import cache

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from scipy import ndimage

from imaging.dicom.phantom import (
    HU_HIGHEST,
    HU_LOWEST,
    PhantomFinding,
    PhantomVolume,
    Tissue,
    make_series,
    make_volume_hu,
    write_series,
)

SHAPE = (72, 160, 160)
"""Coarser than the default, fine enough to tell sac from canal (1.6 mm)."""

SMALL_SHAPE = (18, 48, 48)
SEEDS = (1, 2, 7)

CT_IOD_TYPE_1 = [
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "Modality",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
    "PixelSpacing",
    "ImageOrientationPatient",
    "ImagePositionPatient",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelData",
    "ImageType",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
]
"""PS3.3 A.3: patient to SOP common, type 1 (and 1C where it applies to an axial CT)."""

CT_IOD_TYPE_2 = [
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "StudyID",
    "SeriesNumber",
    "PositionReferenceIndicator",
    "Manufacturer",
    "InstanceNumber",
    "SliceThickness",
    "KVP",
    "AcquisitionNumber",
    "PatientPosition",
]


@cache
def volume_of(finding: PhantomFinding, seed: int) -> PhantomVolume:
    return make_volume_hu(finding, seed=seed, shape=SHAPE)


def synthetic_series(finding: PhantomFinding, **changes):
    arguments = {
        "seed": 5,
        "study_date": date(2021, 3, 4),
        "patient_id": "SYN-5",
        "patient_name": "Synthetic^Five",
        "shape": SMALL_SHAPE,
    }
    return make_series(finding, **{**arguments, **changes})


def share_of_cord_surrounded(volume: PhantomVolume, index: int) -> float:
    """Share of 72 directions from the cord in which contrast lies inside the sac."""
    cord = volume.tissue[index] == Tissue.CORD
    row, column = ndimage.center_of_mass(cord)
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    reach = np.arange(0, 12, 0.4) / volume.spacing_mm[1]
    rows = np.rint(row + np.outer(np.sin(angles), reach)).astype(int)
    columns = np.rint(column + np.outer(np.cos(angles), reach)).astype(int)
    return float(volume.contrast[index][rows, columns].any(axis=1).mean())


def slices_with_cord(volume: PhantomVolume) -> list[int]:
    large = (volume.tissue == Tissue.CORD).sum(axis=(1, 2)) * volume.spacing_mm[1] ** 2 > 30.0
    return [int(index) for index in np.flatnonzero(large)]


def slices_with_contrast(volume: PhantomVolume) -> NDArray[np.intp]:
    return np.flatnonzero(volume.contrast.any(axis=(1, 2)))


def inside_canal(volume: PhantomVolume) -> NDArray[np.bool_]:
    canal = (Tissue.EPIDURAL, Tissue.CSF, Tissue.CORD, Tissue.NERVE_ROOT)
    return np.isin(volume.tissue, canal)


def distances_mm(volume: PhantomVolume, point_mm: tuple[float, float, float]):
    """Distance of every contrast voxel from a point."""
    slices, rows, columns = np.nonzero(volume.contrast)
    step, row_mm, column_mm = volume.spacing_mm
    x = volume.origin_mm[0] + columns * column_mm
    y = volume.origin_mm[1] + rows * row_mm
    z = volume.origin_mm[2] + slices * step
    return np.sqrt((x - point_mm[0]) ** 2 + (y - point_mm[1]) ** 2 + (z - point_mm[2]) ** 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_crescent_surrounds_half_of_the_cord_on_every_slice_with_cord(seed):
    volume = volume_of(PhantomFinding.NORMAL_CRESCENT, seed)
    with_cord = slices_with_cord(volume)
    assert len(with_cord) >= 20
    shares = [share_of_cord_surrounded(volume, index) for index in with_cord]
    assert min(shares) >= 0.5
    assert max(shares) < 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_crescent_is_one_piece_behind_the_cord_and_passes_the_tip_both_ways(seed):
    volume = volume_of(PhantomFinding.NORMAL_CRESCENT, seed)
    levels = slices_with_contrast(volume)
    assert levels[0] < volume.tip_slice - 25
    assert levels[-1] > volume.tip_slice + 5
    for index in slices_with_cord(volume):
        _, pieces = ndimage.label(volume.contrast[index], structure=np.ones((3, 3)))
        assert pieces == 1
        contrast_row, _ = ndimage.center_of_mass(volume.contrast[index])
        cord_row, _ = ndimage.center_of_mass(volume.tissue[index] == Tissue.CORD)
        assert contrast_row > cord_row


@pytest.mark.parametrize("seed", SEEDS)
def test_crescent_is_symmetrical(seed):
    volume = volume_of(PhantomFinding.NORMAL_CRESCENT, seed)
    for index in slices_with_cord(volume):
        _, contrast_column = ndimage.center_of_mass(volume.contrast[index])
        _, cord_column = ndimage.center_of_mass(volume.tissue[index] == Tissue.CORD)
        assert abs(contrast_column - cord_column) * volume.spacing_mm[2] < 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_inadequate_pooling_is_intrathecal_and_nowhere_a_crescent(seed):
    volume = volume_of(PhantomFinding.INADEQUATE_POOLING, seed)
    assert volume.contrast_ml > 1.0
    assert np.all(inside_canal(volume)[volume.contrast])
    shares = [share_of_cord_surrounded(volume, index) for index in slices_with_cord(volume)]
    assert max(shares) < 0.5
    assert max(shares) > 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_inadequate_pooling_lies_in_separate_pools(seed):
    volume = volume_of(PhantomFinding.INADEQUATE_POOLING, seed)
    levels = slices_with_contrast(volume)
    assert np.diff(levels).max() > 2
    assert levels[-1] - levels[0] > 30


@pytest.mark.parametrize("seed", SEEDS)
def test_leak_around_the_pump_touches_the_pump_and_leaves_the_spine_dark(seed):
    volume = volume_of(PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP, seed)
    pump = volume.tissue == Tissue.PUMP
    away_mm = ndimage.distance_transform_edt(~pump, sampling=volume.spacing_mm)
    assert away_mm[volume.contrast].max() < 25.0
    assert np.median(away_mm[volume.contrast]) < 8.0
    rim = (away_mm > 0) & (away_mm < 3.5)
    assert volume.contrast[rim].mean() > 0.4
    assert not volume.contrast[inside_canal(volume)].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_leak_below_entry_fills_the_canal_there_and_never_above(seed):
    volume = volume_of(PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY, seed)
    levels = slices_with_contrast(volume)
    assert levels[-1] < volume.entry_slice
    assert len(levels) >= 10
    canal = inside_canal(volume)
    assert canal[volume.contrast].mean() > 0.85
    assert volume.contrast[levels[0] : levels[-4]][canal[levels[0] : levels[-4]]].mean() > 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_leak_outside_the_canal_is_lumbar_soft_tissue_only(seed):
    volume = volume_of(PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL, seed)
    levels = slices_with_contrast(volume)
    assert volume.level_slices["L5"] < levels[0]
    assert levels[-1] < volume.level_slices["L1"]
    canal = inside_canal(volume)
    away_mm = ndimage.distance_transform_edt(~canal, sampling=volume.spacing_mm)
    assert away_mm[volume.contrast].min() > 2.0
    assert away_mm[volume.contrast].max() < 45.0
    assert not np.isin(volume.tissue[volume.contrast], (Tissue.BONE, Tissue.PUMP)).any()
    assert volume.contrast_ml > 4.0


@pytest.mark.parametrize("seed", SEEDS)
def test_occlusion_is_one_loculation_about_the_tip(seed):
    volume = volume_of(PhantomFinding.OCCLUSION, seed)
    _, pieces = ndimage.label(volume.contrast, structure=np.ones((3, 3, 3)))
    assert pieces == 1
    distances = distances_mm(volume, volume.tip_mm)
    assert distances.min() < 2.0
    assert distances.max() < 18.0
    assert 0.4 < volume.contrast_ml < 2.0
    assert volume.hu[volume.contrast].mean() > 900


@pytest.mark.parametrize("seed", SEEDS)
def test_malposition_has_its_tip_and_contrast_outside_the_canal(seed):
    volume = volume_of(PhantomFinding.MALPOSITION, seed)
    assert distances_mm(volume, volume.tip_mm).max() < 25.0
    assert not volume.contrast[inside_canal(volume)].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_indeterminate_is_dilute_and_blurred(seed):
    blurred = volume_of(PhantomFinding.INDETERMINATE, seed)
    normal = volume_of(PhantomFinding.NORMAL_CRESCENT, seed)
    assert blurred.hu[normal.contrast].mean() < 0.5 * normal.hu[normal.contrast].mean()


def test_no_contrast_means_none():
    volume = volume_of(PhantomFinding.NO_CONTRAST, 1)
    assert volume.contrast_ml == 0.0
    assert not volume.contrast.any()


@pytest.mark.parametrize("finding", [PhantomFinding.NORMAL_CRESCENT, PhantomFinding.OCCLUSION])
def test_catheter_can_be_followed_from_entry_to_tip(finding):
    volume = volume_of(finding, 1)
    bright = inside_canal(volume) & (volume.hu > 650)
    for index in range(volume.entry_slice + 2, volume.tip_slice):
        assert bright[index].any()


def test_leak_in_the_pocket_leaves_the_lumen_dark():
    dark = volume_of(PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP, 1)
    filled = volume_of(PhantomFinding.OCCLUSION, 1)
    between = slice(dark.entry_slice + 4, dark.tip_slice - 8)
    canal = inside_canal(dark)[between]
    assert dark.hu[between][canal].max() < 0.6 * filled.hu[between][canal].max()


@pytest.mark.parametrize("finding", list(PhantomFinding))
def test_pump_is_saturated_metal_and_landmarks_are_in_order(finding):
    volume = volume_of(finding, 1)
    assert volume.hu.max() == HU_HIGHEST
    first, last = volume.pump_slices
    assert 0 < first < last < volume.tip_slice
    assert volume.connector_slice < volume.entry_slice < volume.tip_slice
    levels = [volume.level_slices[level] for level in ("L5", "L4", "L3", "L2", "L1", "T12", "T11")]
    assert levels == sorted(levels)
    assert volume.level_slices["L4"] < volume.entry_slice < volume.level_slices["L3"]


@pytest.mark.parametrize("finding", list(PhantomFinding))
def test_bone_is_bone_and_fat_is_fat(finding):
    volume = volume_of(finding, 2)
    bone = volume.hu[volume.tissue == Tissue.BONE]
    fat = volume.hu[volume.tissue == Tissue.FAT]
    assert 200 < bone.mean() < 600
    assert -140 < np.median(fat) < -60


def test_same_seed_has_the_same_anatomy_in_every_finding():
    first = volume_of(PhantomFinding.NORMAL_CRESCENT, 1)
    second = volume_of(PhantomFinding.NO_CONTRAST, 1)
    other = volume_of(PhantomFinding.NO_CONTRAST, 2)
    assert np.array_equal(first.tissue, second.tissue)
    assert not np.array_equal(second.tissue, other.tissue)


def test_same_arguments_give_the_same_voxels_and_instances():
    for first, second in zip(
        synthetic_series(PhantomFinding.OCCLUSION),
        synthetic_series(PhantomFinding.OCCLUSION),
        strict=True,
    ):
        assert first == second


def test_no_two_findings_or_seeds_share_a_uid():
    uids: list[str] = []
    for finding in PhantomFinding:
        for seed in (1, 2):
            series = synthetic_series(finding, seed=seed, with_localizer=True)
            uids += [str(instance.SOPInstanceUID) for instance in series]
            uids += {str(instance.SeriesInstanceUID) for instance in series}
            uids += {str(instance.StudyInstanceUID) for instance in series}
    assert len(uids) == len(set(uids))
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)


@pytest.mark.parametrize("finding", list(PhantomFinding))
def test_every_mandatory_attribute_of_the_ct_image_iod_is_there(finding):
    for instance in synthetic_series(finding, with_localizer=True):
        for keyword in CT_IOD_TYPE_1:
            assert keyword in instance
            assert instance[keyword].value not in (None, "", b"")
        for keyword in CT_IOD_TYPE_2:
            assert keyword in instance
        assert instance.SOPClassUID == CTImageStorage
        assert instance.BurnedInAnnotation == "NO"
        assert "SYNTHETIC" in instance.ImageComments


def test_written_files_read_back_as_the_hounsfield_units_made(tmp_path):
    arguments = {
        "seed": 3,
        "study_date": date(2021, 3, 4),
        "patient_id": "SYN-3",
        "patient_name": "Synthetic^Three",
        "shape": SMALL_SHAPE,
    }
    paths = write_series(PhantomFinding.NORMAL_CRESCENT, tmp_path / "series", **arguments)
    volume = make_volume_hu(PhantomFinding.NORMAL_CRESCENT, seed=3, shape=SMALL_SHAPE)
    assert [path.name for path in paths] == [f"IM{count:04d}.dcm" for count in range(1, 19)]
    heights = []
    for index, path in enumerate(paths):
        instance = pydicom.dcmread(path)
        assert instance.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
        assert instance.PixelRepresentation == 1
        hu = instance.pixel_array * instance.RescaleSlope + instance.RescaleIntercept
        assert np.array_equal(hu, volume.hu[index])
        heights.append(float(instance.ImagePositionPatient[2]))
    assert np.allclose(np.diff(heights), volume.spacing_mm[0], atol=1e-4)


def test_localizer_is_a_series_of_its_own_with_square_pixels():
    *axial, localizer = synthetic_series(PhantomFinding.NO_CONTRAST, with_localizer=True)
    assert localizer.ImageType[2] == "LOCALIZER"
    assert localizer.SeriesInstanceUID not in {item.SeriesInstanceUID for item in axial}
    assert localizer.StudyInstanceUID == axial[0].StudyInstanceUID
    assert localizer.PixelSpacing[0] == pytest.approx(localizer.PixelSpacing[1], rel=0.1)


def test_no_contrast_agent_is_named_when_none_was_given():
    assert "ContrastBolusAgent" not in synthetic_series(PhantomFinding.NO_CONTRAST)[0]
    assert synthetic_series(PhantomFinding.OCCLUSION)[0].ContrastBolusAgent == "IOHEXOL"


@pytest.mark.parametrize("shape", [(1, 48, 48), (18, 1, 48)])
def test_a_volume_of_a_single_slice_or_row_is_refused(shape):
    with pytest.raises(ValueError, match="at least two"):
        make_volume_hu(PhantomFinding.OCCLUSION, seed=1, shape=shape)


def test_oblong_pixels_are_refused():
    with pytest.raises(ValueError, match="equally far"):
        make_volume_hu(
            PhantomFinding.OCCLUSION,
            seed=1,
            shape=SMALL_SHAPE,
            spacing_mm=(12.0, 5.0, 4.0),
        )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), finding=st.sampled_from(list(PhantomFinding)))
def test_any_seed_gives_a_plausible_volume(seed, finding):
    volume = make_volume_hu(finding, seed=seed, shape=SMALL_SHAPE)
    assert volume.hu.dtype == np.int16
    assert volume.hu.shape == SMALL_SHAPE
    assert volume.hu.min() >= HU_LOWEST
    assert volume.hu.max() <= HU_HIGHEST
    assert volume.hu[0, 0, 0] < -800
    assert 0 <= volume.entry_slice < volume.tip_slice < SMALL_SHAPE[0]
    assert (volume.contrast_ml > 0) == (finding is not PhantomFinding.NO_CONTRAST)
    if finding is PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY:
        assert not volume.contrast[volume.entry_slice + 1 :].any()
