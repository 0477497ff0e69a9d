"""The streaming parser, on honest and on hostile bodies."""

import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.dicomweb.multipart import (
    LONGEST_HEADERS,
    LONGEST_PREAMBLE,
    MOST_PARTS,
    MalformedMultipartError,
    Multipart,
    MultipartTooLargeError,
)

BOUNDARY = b"edge"


def body(*parts, headers=b"Content-Type: application/dicom\r\n"):
    return b"".join(b"--edge\r\n" + headers + b"\r\n" + content + b"\r\n" for content in parts) + (
        b"--edge--"
    )


def parsed(raw, *, boundary=BOUNDARY, step=None):
    """Headers and bytes of every part, when the network hands out pieces of at most `step`."""
    stream = io.BytesIO(raw)
    multipart = Multipart(
        lambda size: stream.read(size if step is None else min(size, step)), boundary=boundary
    )
    return [(part.headers, b"".join(part.chunks)) for part in multipart.parts()]


CONTENTS = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from([b"\r\n", b"--", b"--edg", b"\r", b"\n", b"-", b"e", b"\r\n--edg"]),
            max_size=12,
        ).map(b"".join),
    ).filter(lambda content: b"\r\n--edge" not in b"\r\n" + content + b"\r\n--"),
    min_size=1,
    max_size=5,
)


@given(contents=CONTENTS, step=st.integers(1, 80))
def test_however_the_network_cuts_it_the_parts_are_the_same(contents, step):
    found = parsed(body(*contents), step=step)
    assert [content for _, content in found] == contents
    assert all(headers == {"content-type": "application/dicom"} for headers, _ in found)


@given(raw=st.binary(max_size=200), step=st.integers(1, 80))
def test_whatever_comes_is_parts_or_a_named_error(raw, step):
    with suppress(MalformedMultipartError):
        parsed(b"--edge\r\n" + raw, step=step)


@given(contents=CONTENTS, data=st.data())
def test_a_body_that_was_cut_is_never_complete(contents, data):
    whole = body(*contents)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(MalformedMultipartError):
        parsed(whole[:cut])


@pytest.mark.parametrize(
    ("raw", "contents"),
    [
        (b"a preamble\r\n--edge\r\n\r\nx\r\n--edge--", [b"x"]),
        (b"--edge \t \r\n\r\nx\r\n--edge--", [b"x"]),
        (b"--edge\r\n\r\nx\r\n--edge--\r\nan epilogue", [b"x"]),
        (b"--edge\r\n\r\n\r\n--edge--", [b""]),
        (b"--edge\r\nA: b\r\n\r\n--edge--", [b""]),
        (b"--edge--", []),
    ],
)
def test_what_rfc_2046_allows_beside_the_parts_is_passed_over(raw, contents):
    assert [content for _, content in parsed(raw)] == contents


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"--other\r\n\r\nx\r\n--other--",
        b"--edge\n\nx\n--edge--",
        b"--edgeling\r\n\r\nx\r\n--edge--",
        b"--edge\r\n\r\nx\r\n--edge-",
        b"--edge\r\n\r\nx\r\n--edgex--",
        b"--edge\r\nno header\r\n\r\nx\r\n--edge--",
        b"--edge\r\nA : b\r\n\r\nx\r\n--edge--",
        b"--edge\r\nA: b\nC: d\r\n\r\nx\r\n--edge--",
        b"--edge" + b" " * 1000 + b"\r\n\r\nx\r\n--edge--",
        b"--edge\r\nA: " + b"b" * LONGEST_HEADERS + b"\r\n\r\nx\r\n--edge--",
        b"x" * (LONGEST_PREAMBLE + 1) + b"\r\n--edge\r\n\r\nx\r\n--edge--",
        b"--edge\r\n\r\nx\r\n--edge--\r\n" + b"x" * (LONGEST_PREAMBLE + 1),
    ],
)
def test_what_breaks_the_rules_is_refused(raw):
    with pytest.raises(MalformedMultipartError):
        parsed(raw)


def test_the_boundary_inside_a_part_is_no_content_of_it():
    """RFC 2046 5.1.1: the boundary at the start of a line is one, whatever follows it."""
    with pytest.raises(MalformedMultipartError):
        parsed(body(b"before\r\n--edge after"))


def test_a_part_that_nobody_reads_is_skipped():
    stream = io.BytesIO(body(b"one", b"two"))
    parts = Multipart(stream.read, boundary=BOUNDARY).parts()
    next(parts)
    assert b"".join(next(parts).chunks) == b"two"


def test_too_many_parts_are_refused():
    with pytest.raises(MultipartTooLargeError):
        parsed(b"--edge\r\n\r\n\r\n" * 100_000 + b"--edge--")
    assert len(parsed(b"--edge\r\n\r\n\r\n" * MOST_PARTS + b"--edge--")) == MOST_PARTS


def test_memory_does_not_depend_on_the_size_of_a_part():
    pieces = 200
    piece = bytes(512 * 1024)
    given = iter([b"--edge\r\n\r\n", *[piece] * pieces, b"\r\n--edge--"])
    multipart = Multipart(lambda size: next(given, b""), boundary=BOUNDARY)
    tracemalloc.start()
    (size,) = [sum(len(chunk) for chunk in part.chunks) for part in multipart.parts()]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == pieces * len(piece)
    assert peak < 8 * len(piece)
