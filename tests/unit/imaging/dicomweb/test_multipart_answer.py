"""An answer in parts is what our own reader of such bodies takes apart (RFC 2046)."""

from functools import partial
from io import BytesIO

from imaging.dicomweb.media_types import MediaType
from imaging.dicomweb.multipart import Multipart
from imaging.dicomweb.multipart_answer import MultipartAnswer, OutgoingPart


def part(content, *, length=None):
    return OutgoingPart("application/dicom", length, partial(iter, [content[:2], content[2:]]))


def test_parts_come_back_as_they_were():
    contents = [b"first", b"--", b"\r\n--", b""]
    answer = MultipartAnswer("application/dicom", [part(content) for content in contents])
    body = b"".join(answer)
    media_type = MediaType.parse(answer.content_type)
    assert media_type.is_dicom_parts
    read = BytesIO(body).read
    assert [
        b"".join(map(bytes, found.chunks))
        for found in Multipart(read, boundary=media_type.boundary).parts()
    ] == contents


def test_the_length_is_known_where_that_of_each_part_is():
    known = MultipartAnswer("application/dicom", [part(b"first", length=5), part(b"xx", length=2)])
    assert known.length == len(b"".join(known))
    assert MultipartAnswer("application/dicom", [part(b"first")]).length is None


def test_no_part_is_read_before_its_turn():
    read = []

    def content(name):
        read.append(name)
        yield name

    parts = [OutgoingPart("a/b", None, partial(content, name)) for name in (b"one", b"two")]
    body = iter(MultipartAnswer("a/b", parts))
    assert next(body).startswith(b"--")
    assert (next(body), read) == (b"one", [b"one"])
