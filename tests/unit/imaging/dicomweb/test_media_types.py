"""Content-Type headers, honest and not."""

import pytest

from imaging.dicomweb.media_types import LONGEST_BOUNDARY, MediaType, MediaTypeError

ORTHANC = (
    'multipart/related; type="application/dicom"; '
    "boundary=e8ff02d7-93da-4873-b0f7-09dd21f2ccaa-e8ff02d7-93da-4873-b0f7-09dd21f2ccaa"
)
DICOMWEB_CLIENT = (
    'multipart/related; type="application/dicom"; boundary="0f3cf5c0-70e0-41ef-baef-c6f9f65ec3e1"'
)


@pytest.mark.parametrize("header", [ORTHANC, DICOMWEB_CLIENT])
def test_what_real_senders_say_is_understood(header):
    media_type = MediaType.parse(header)
    assert media_type.is_dicom_parts
    assert media_type.boundary.decode() in header


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/related;boundary=x", b"x"),
        ("Multipart/Related; Boundary=X; TYPE=APPLICATION/DICOM", b"X"),
        (r'multipart/related; boundary="a b\c"', b"a bc"),
    ],
)
def test_case_quotes_and_blanks_do_not_matter(header, boundary):
    media_type = MediaType.parse(header)
    assert media_type.is_dicom_parts
    assert media_type.boundary == boundary


@pytest.mark.parametrize(
    "header",
    [
        "application/dicom",
        'multipart/related; type="application/dicom+json"; boundary=x',
        "multipart/form-data; boundary=x",
    ],
)
def test_other_bodies_are_not_dicom_parts(header):
    assert not MediaType.parse(header).is_dicom_parts


@pytest.mark.parametrize(
    "header",
    [
        "",
        "multipart",
        "multipart/related; boundary",
        "multipart/related; boundary=x; boundary=y",
        'multipart/related; boundary="x',
        "multipart/related; boundary=x y",
        "multipart/related; boundary=x\r\nX: y",
        "multipart/related; boundary=" + "x" * 2000,
    ],
)
def test_what_is_no_media_type_is_refused(header):
    with pytest.raises(MediaTypeError):
        MediaType.parse(header)


@pytest.mark.parametrize(
    "parameter",
    [
        "",
        '; boundary=""',
        '; boundary="x "',
        '; boundary="<x>"',
        "; boundary=" + "x" * (LONGEST_BOUNDARY + 1),
    ],
)
def test_a_boundary_that_rfc_2046_forbids_is_refused(parameter):
    with pytest.raises(MediaTypeError):
        _ = MediaType.parse("multipart/related" + parameter).boundary
