"""WADO-RS: pictures for a screen, drawn in the limited child."""

import io

import numpy as np
import pytest
from PIL import Image
from pydicom.uid import JPEG2000Lossless

from imaging.models import Instance
from tests.factories import stored_studies
from tests.factories.dicom_files import ct_instance, different_frames
from tests.factories.dicomweb import address, body, study_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(centre):
    return stored_studies.study(centre_code="DEMO", slices=1).series.get().instances.get()


def picture(response):
    assert response.status_code == 200, body(response)
    return Image.open(io.BytesIO(body(response)))


def ramp():
    """HU of what the factory writes into its first slice."""
    return np.arange(32 * 32).reshape(32, 32) - 1024


def test_jpeg_is_the_default_and_png_is_exact(browser, instance):
    url = f"{address(instance)}/rendered?window=-512,1024"
    grey = np.clip((ramp() + 512.5) / 1023 + 0.5, 0, 1) * 255
    jpeg = browser.get(url)
    assert (jpeg["Content-Type"], picture(jpeg).format) == ("image/jpeg", "JPEG")
    assert np.abs(np.asarray(picture(jpeg)) - grey).mean() < 3
    png = browser.get(url, headers={"Accept": "image/png"})
    assert (png["Content-Type"], picture(png).format) == ("image/png", "PNG")
    assert np.array_equal(np.asarray(picture(png)), np.rint(grey))


def test_without_a_window_the_image_is_shown_in_its_own(browser, instance):
    own = browser.get(f"{address(instance)}/rendered")
    named = browser.get(f"{address(instance)}/rendered?window=40,400,linear")
    other = browser.get(f"{address(instance)}/rendered?window=-500,400")
    assert body(own) == body(named) != body(other)


@pytest.mark.parametrize(
    ("viewport", "size"),
    [("16,16", (16, 16)), ("64,16", (16, 16)), ("64,64", (64, 64)), ("20,20,0,0,8,16", (10, 20))],
)
def test_the_picture_fits_the_viewport_in_its_proportions(browser, instance, viewport, size):
    assert picture(browser.get(f"{address(instance)}/rendered?viewport={viewport}")).size == size


def test_thumbnails_are_small_whatever_they_stand_for(browser, ingest, tmp_path):
    ingest(ct_instance(tmp_path / "large.dcm", rows=300, columns=400))
    instance = Instance.objects.get()
    series = f"{address(instance).split('/instances')[0]}"
    for url in (study_address(instance.series.study), series, address(instance)):
        assert picture(browser.get(f"{url}/thumbnail")).size == (128, 96)


def test_the_middle_slice_stands_for_its_series(browser, centre):
    study = stored_studies.study(centre_code="DEMO", slices=5)
    middle = study.series.get().instances.get(slice_index=2)
    of_study = browser.get(f"{study_address(study)}/thumbnail?window=-500,1000")
    of_middle = browser.get(f"{address(middle)}/thumbnail?window=-500,1000")
    assert body(of_study) == body(of_middle)
    assert "immutable" in of_middle["Cache-Control"]
    assert "immutable" not in of_study["Cache-Control"]


def test_each_frame_has_its_picture(browser, ingest, tmp_path):
    ingest(different_frames(tmp_path / "many.dcm", frames=3))
    url = address(Instance.objects.get())
    window = "window=-500,1000&accept=image/png"
    frames = [body(browser.get(f"{url}/frames/{n}/rendered?{window}")) for n in (1, 2, 3)]
    assert len(set(frames)) == 3
    assert body(browser.get(f"{url}/rendered?{window}")) == frames[1]
    assert browser.get(f"{url}/frames/1,2/rendered").status_code == 406


def test_a_compressed_image_is_drawn_like_any_other(browser, ingest, tmp_path):
    ingest(ct_instance(tmp_path / "one.dcm", transfer_syntax=JPEG2000Lossless))
    response = browser.get(f"{address(Instance.objects.get())}/rendered?accept=image/png")
    assert picture(response).size == (32, 32)


def test_an_image_without_hounsfield_units_is_refused_with_the_reason(browser, ingest, tmp_path):
    ingest(ct_instance(tmp_path / "one.dcm", RescaleSlope=None, RescaleIntercept=None))
    for end in ("rendered", "thumbnail"):
        response = browser.get(f"{address(Instance.objects.get())}/{end}")
        assert response.status_code == 406
        assert "escale" in response.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        "window=40", "window=40,0", "window=nan,400", "window=40,400,cubic", "window=40,0.5",
        "viewport=0,10", "viewport=10", "viewport=5000,10", "viewport=10,10,40,0,1,1",
        "viewport=10,10,0,0,-5,5", "quality=0", "quality=101", "quality=x", "zoom=2",
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_named(browser, instance, query):
    response = browser.get(f"{address(instance)}/rendered?{query}")
    assert response.status_code == 400
    assert query.split("=")[0] in response.json()["error"].lower()


def test_another_type_of_picture_is_refused(browser, instance):
    gif = browser.get(f"{address(instance)}/rendered", headers={"Accept": "image/gif"})
    assert gif.status_code == 406


def test_who_has_it_already_is_told_so(browser, instance):
    url = f"{address(instance)}/rendered?window=40,400"
    etag = browser.get(url)["ETag"]
    assert browser.get(url, headers={"If-None-Match": etag}).status_code == 304
    other = browser.get(f"{address(instance)}/rendered?window=40,401")
    assert other["ETag"] != etag
