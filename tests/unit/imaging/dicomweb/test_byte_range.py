"""Ranges of bytes (RFC 9110 14)."""

import pytest

from imaging.dicomweb.byte_range import byte_range
from imaging.dicomweb.refusal import RefusedError


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=5-", 5, 9), ("bytes=-3", 7, 9), ("bytes=-99", 0, 9),
     ("bytes=9-99", 9, 9)],
)  # fmt: skip
def test_a_range_is_cut_to_what_there_is(header, first, last):
    found = byte_range(header, size_bytes=10)
    assert (found.first, found.last, found.length) == (first, last, last - first + 1)
    assert found.content_range == f"bytes {first}-{last}/10"


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=a-b"]
)
def test_all_is_given_for_what_is_no_single_range(header):
    assert byte_range(header, size_bytes=10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_outside_is_refused(header):
    with pytest.raises(RefusedError) as refused:
        byte_range(header, size_bytes=10)
    assert refused.value.status == 416
    assert refused.value.headers == {"Content-Range": "bytes */10"}
