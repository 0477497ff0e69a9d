"""Ask the DICOMweb addresses as others do, and take their answers apart."""

import json
from email.message import Message
from typing import Any

from django.test import Client

from imaging.actions import dicomweb_peers
from imaging.models import Instance, Study
from tests.factories.registry_records import NOW

BASE = "/dicom-web"


def token(*, centre_code: str, name: str = "slicer", may_send: bool = False) -> str:
    """Of a new peer that may read."""
    _, token = dicomweb_peers.register(
        name=name, centre_code=centre_code, may_send=may_send, may_read=True, by=None, at=NOW
    )
    return token


def reader(*, centre_code: str, name: str = "slicer") -> Client:
    """A program with a token."""
    return Client(headers={"Authorization": f"Bearer {token(centre_code=centre_code, name=name)}"})


def study_address(study: Study) -> str:
    return f"{BASE}/studies/{study.study_instance_uid}"


def address(instance: Instance) -> str:
    series = instance.series
    return (
        f"{study_address(series.study)}/series/{series.series_instance_uid}"
        f"/instances/{instance.sop_instance_uid}"
    )


def body(response: Any) -> bytes:
    """All of an answer, streamed or not."""
    return b"".join(response) if response.streaming else response.content


def found(response: Any) -> list[dict[str, Any]]:
    """The results of a search."""
    return json.loads(response.content) if response.content else []


def values(results: list[dict[str, Any]], tag: str) -> list[Any]:
    """The first value of an attribute in each result; None where it has none."""
    return [result[tag].get("Value", [None])[0] for result in results]


def parts(response: Any) -> list[tuple[str, bytes]]:
    """Content type and content of each part."""
    message = Message()
    message["Content-Type"] = response["Content-Type"]
    boundary = b"--" + str(message.get_param("boundary")).encode()
    first, *middle, last = (b"\r\n" + body(response)).split(b"\r\n" + boundary)
    assert (first, last) == (b"", b"--\r\n")
    split = (part.removeprefix(b"\r\n").split(b"\r\n\r\n", 1) for part in middle)
    return [(head.decode().removeprefix("Content-Type: "), content) for head, content in split]
