"""The headers of a series: from the database, or put together once from the stored files."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imaging.actions import series_metadata
from imaging.archive.archive import Archive
from imaging.dicom.dicom_json import ADDRESS, FORMAT
from imaging.ingest.pool import Pool
from imaging.ingest.stored_images import headers, lines
from imaging.models import Series, SeriesMetadata
from imaging.queries import dicomweb_objects
from imaging.queries.viewer import Viewer


@dataclass(frozen=True)
class SeriesHeaders:
    """The headers of all instances of a series, in the order of its slices."""

    metadata: SeriesMetadata

    @property
    def version(self) -> str:
        """Another one when the headers are others, or written otherwise."""
        return f"{self.metadata.instances_sha256}-{self.metadata.content_format}"

    def all(self, *, address: str) -> bytes:
        """A JSON array."""
        text = self._lines()[:-1].replace(b"\n", b",")
        return b"[" + _addressed(text, address) + b"]"

    def instance(self, sop_instance_uid: str, *, address: str) -> bytes | None:
        """A JSON array with the header of one instance; None if there is none."""
        own = f'"00080018":{{"vr":"UI","Value":["{sop_instance_uid}"]}}'.encode()
        for line in self._lines().splitlines():
            if own in line and _uid(line) == sop_instance_uid:
                return b"[" + _addressed(line, address) + b"]"
        return None

    def _lines(self) -> bytes:
        return lines(bytes(self.metadata.content))


def of(
    series: Series, *, viewer: Viewer, archive: Archive, pool: Pool, at: datetime
) -> SeriesHeaders:
    """The headers of a series of `dicomweb_objects.series_with_metadata`.

    Those that are kept are taken if they are of all its instances; else they are read from the
    stored files and kept.

    Raises
    ------
    BlobMissingError, BlobDamagedError, StorageFaultError
    """
    counted: Any = series
    metadata = getattr(series, "metadata", None)
    if (
        metadata is not None
        and metadata.instances == counted.images
        and metadata.content_format == FORMAT
    ):
        return SeriesHeaders(metadata)
    slices = dicomweb_objects.slices_of(viewer=viewer, series=series)
    stored_sha256s = [sha256 for _, sha256 in slices]
    return SeriesHeaders(
        series_metadata.keep(
            series=series,
            stored_sha256s=stored_sha256s,
            content=headers(stored_sha256s, archive=archive, pool=pool),
            content_format=FORMAT,
            at=at,
        )
    )


def _addressed(text: bytes, address: str) -> bytes:
    # Inside of a JSON text, as the addresses of a host that was checked need it.
    return text.replace(ADDRESS.encode(), json.dumps(address)[1:-1].encode())


def _uid(line: bytes) -> str:
    header = json.loads(line.replace(ADDRESS.encode(), b""))
    uid: str = header["00080018"]["Value"][0]
    return uid
