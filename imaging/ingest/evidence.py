"""What a person needs to see of a file to decide about it, read by the limited child."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from imaging.archive.archive import Archive
from imaging.archive.errors import storage_fault
from imaging.dicom.header_values import HeaderValue
from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import Done, Fault, Refused


@dataclass(frozen=True)
class Look:
    """Header and one frame of a file.

    Attributes
    ----------
    frames
        How many the file says it has.
    picture
        PNG; None where it was not asked for or cannot be drawn.
    refused
        Reason code when the file cannot be read.
    """

    values: tuple[HeaderValue, ...] = ()
    picture: bytes | None = None
    frames: int = 0
    refused: str = ""


def look(
    source: Path,
    *,
    archive: Archive,
    pool: Pool,
    values: bool = True,
    picture: bool = True,
    frame: int = 0,
    overridden: Collection[str] = (),
) -> Look:
    """Read a stored file or an original; `frame` is the one to draw, counted from 0.

    Raises
    ------
    StorageFaultError, ReadingProcessUnavailableError
    """
    output = archive.spool_path()
    try:
        answer = pool.submit(
            {
                "task": "look",
                "source": str(source),
                "output": str(output),
                "values": values,
                "picture": picture,
                "frame": frame,
                "overridden": sorted(overridden),
            }
        ).result()
        if isinstance(answer, Fault):
            raise storage_fault(answer.errno)
        if isinstance(answer, Refused):
            return Look(refused=answer.reason_code)
        return Look(
            values=tuple(HeaderValue(**value) for value in answer.value["values"]),
            picture=output.read_bytes() if answer.value["picture"] else None,
            frames=answer.value["frames"],
        )
    finally:
        output.unlink(missing_ok=True)


def look_as_stored(
    source: Path,
    *,
    centre_code: str,
    archive: Archive,
    pool: Pool,
    overridden: Collection[str] = (),
) -> tuple[PreparedInstance | None, Look]:
    """De-identify an original and look at the result, which is thrown away.

    Returns
    -------
    What it would be stored as, None where it is refused for something else, too.

    Raises
    ------
    StorageFaultError, ReadingProcessUnavailableError
    """
    output = archive.spool_path()
    try:
        answer = pool.submit(
            {
                "task": "prepare",
                "source": str(source),
                "entry": None,
                "unpacked": "",
                "output": str(output),
                "centre_code": centre_code,
                "overridden": sorted(overridden),
            },
            size_bytes=source.stat().st_size,
        ).result()
        if isinstance(answer, Fault):
            raise storage_fault(answer.errno)
        if isinstance(answer, Refused):
            return None, Look(refused=answer.reason_code)
        assert isinstance(answer, Done)
        seen = look(output, archive=archive, pool=pool)
        return PreparedInstance.from_json(answer.value), seen
    finally:
        output.unlink(missing_ok=True)
