"""What a user agent accepts, best first (RFC 9110 12.5.1)."""

import pytest

from imaging.dicomweb.accepted import Accepted, accepted

DICOM_PARTS = Accepted("application/dicom", multipart=True, transfer_syntax="*")


@pytest.mark.parametrize(
    ("header", "essences"),
    [
        ("", ["*/*"]),
        ("a/b, c/d", ["a/b", "c/d"]),
        ("a/b;q=0.1, c/d;q=0.9, e/f", ["e/f", "c/d", "a/b"]),
        ("a/b;q=0, c/d", ["c/d"]),
        ("a/b;q=2, c/d;q=x", []),
        ("nonsense, a/b", ["a/b"]),
        ("multipart/related", ["*/*"]),
    ],
)
def test_the_best_comes_first_and_nonsense_is_passed_over(header, essences):
    assert [one.essence for one in accepted(header)] == essences


@pytest.mark.parametrize(
    "header",
    [
        'multipart/related; type="application/dicom"; transfer-syntax=*',
        "multipart/related;transfer-syntax=*;type=application/dicom",
        'Multipart/Related; Type="application/dicom"; Transfer-Syntax="*"',
    ],
)
def test_the_type_of_parts_and_their_transfer_syntax(header):
    assert accepted(header) == [DICOM_PARTS]


def test_a_comma_in_quotes_separates_nothing():
    (one,) = accepted('multipart/related; type="application/dicom"; boundary="a,b"')
    assert one.essence == "application/dicom"


def test_a_range_covers_its_types():
    (images,) = accepted("image/*")
    assert images.covers("image/png")
    assert not images.covers("application/dicom")
