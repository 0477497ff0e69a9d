"""Programs of others with the session of a blind reader: the same bytes, and no word of the source.

A person who reads holds no token; dicomweb-client uses the cookie of the browser.
"""

import hashlib
import io
import re

import numpy as np
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from PIL import Image
from requests import Session

from tests.faults.installation import PASSWORD
from tests.faults.services import WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

CENTRE_HU, WIDTH_HU = 40.0, 400.0
"""The window that the images of the factory ask for."""

PIXEL_DATA = 0x7FE00010
"""By reference."""

ONLY_IN_ANSWERS = {0x00081190, 0x00083002}
"""Retrieve URL and Available Transfer Syntax UID."""


@pytest.fixture
def sources(series_folder):
    return sorted(series_folder.iterdir())


@pytest.fixture
def stored(service, sources):
    """The bytes of the archive by SOP Instance UID."""
    done = service.manage("ingest", *map(str, sources), "--centre", "DEMO")
    assert done.returncode == 0, done.stderr
    made = service.manage(
        "add_user", "blind", "--centre", "DEMO", "--role", "reader", typed=f"{PASSWORD}\n"
    )
    assert made.returncode == 0, made.stderr
    contents = [path.read_bytes() for path in (service.data / "archive").rglob("*.dcm")]
    assert len(contents) == len(sources)
    return {pydicom.dcmread(io.BytesIO(one)).SOPInstanceUID: one for one in contents}


def signed_in(web):
    session = Session()
    page = session.get(f"{web.address}/sign-in/")
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[:1]
    answer = session.post(
        f"{web.address}/sign-in/",
        data={"username": "blind", "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Referer": f"{web.address}/sign-in/"},
    )
    assert answer.ok
    assert "sign-in" not in answer.url
    return session


def gray(dataset):
    """The linear window of PS3.3 C.11.2.1.2.1 on a scale of 0 to 255."""
    values_hu = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
    scaled = ((values_hu - (CENTRE_HU - 0.5)) / (WIDTH_HU - 1) + 0.5) * 255
    return np.clip(scaled, 0, 255)


def test_a_blind_reader_lists_retrieves_and_checks_the_same_bytes(service, stored):
    with WebService(service) as web:
        session = signed_in(web)
        answers = []
        session.hooks["response"].append(lambda answer, **_: answers.append(answer))
        client = DICOMwebClient(f"{web.address}/dicom-web", session=session)
        (study,) = client.search_for_studies()
        uids = [study["0020000D"]["Value"][0]]
        (series,) = client.search_for_series(*uids)
        uids.append(series["0020000E"]["Value"][0])
        found = client.search_for_instances(*uids, get_remaining=True)
        assert {item["00080018"]["Value"][0] for item in found} == set(stored)

        headers = client.retrieve_series_metadata(*uids)
        for header in headers:
            uid = header["00080018"]["Value"][0]
            ours = pydicom.dcmread(io.BytesIO(stored[uid]))
            assert client.retrieve_instance_metadata(*uids, uid) == header
            told = pydicom.Dataset.from_json(header, lambda *_: None)
            assert {one.tag for one in told} - {one.tag for one in ours} == ONLY_IN_ANSWERS
            differ = [one.tag for one in ours if one.tag not in told or told[one.tag] != one]
            assert differ == [PIXEL_DATA]

        address = f"{web.address}/dicom-web/studies/{uids[0]}/series/{uids[1]}/instances"
        for uid, content in stored.items():
            raw = session.get(f"{address}/{uid}", headers={"Accept": "application/dicom"})
            assert hashlib.sha256(raw.content).digest() == hashlib.sha256(content).digest()
            ours = pydicom.dcmread(io.BytesIO(content))
            theirs = client.retrieve_instance(*uids, uid)
            assert theirs == ours
            (frame,) = client.retrieve_instance_frames(*uids, uid, [1])
            assert frame == ours.PixelData
            picture = client.retrieve_instance_rendered(*uids, uid, media_types=("image/png",))
            shown = np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=float)
            assert np.abs(shown - gray(ours)).max() <= 1
    told = [one.url for one in answers if b"canary" in one.content.lower()]
    assert told == []
    assert len(answers) > 4 * len(stored)
