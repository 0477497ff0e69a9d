"""One frame of a stored image as Hounsfield units, for whoever looks at it.

Native frames are numbers on disk and are converted here. Compressed frames pass through codecs
written in C, which only the limited child runs.
"""

from pydicom.uid import ExplicitVRBigEndian

from imaging.archive.archive import Archive
from imaging.archive.errors import BlobDamagedError, storage_fault
from imaging.dicom.acceptance import NATIVE_TRANSFER_SYNTAXES
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.hounsfield import native_frame
from imaging.ingest.hounsfield_frames import hounsfield_bytes
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import Fault, Refused
from imaging.models import Instance

CHECKED_UP_TO_BYTES = 64 * 1024 * 1024
"""The file of a larger multi-frame image is not hashed each time a frame is looked at."""


def frame_hounsfield(instance: Instance, *, frame: int, archive: Archive, pool: Pool) -> bytes:
    """HU of one frame, rounded and clipped to int16, little endian, row by row.

    Raises
    ------
    FrameNotDecodableError, MissingRescaleError
        The frame cannot be shown; it is stored all the same.
    BlobMissingError, BlobDamagedError
        The stored pixels are not what was stored; nothing of them may be shown.
    """
    attributes = InstanceAttributes.from_json(instance.attributes)
    if instance.pixel_length <= CHECKED_UP_TO_BYTES:
        _check_file(instance, archive)
    if instance.transfer_syntax_uid not in NATIVE_TRANSFER_SYNTAXES:
        return _decoded_by_child(instance, frame=frame, archive=archive, pool=pool)
    if not 0 <= frame < instance.frames or not attributes.displayable:
        raise FrameNotDecodableError(attributes.not_displayable_reason or "no such frame")
    frame_bytes = instance.pixel_length // instance.frames
    if attributes.rows and attributes.columns and attributes.bits_allocated:
        frame_bytes = attributes.rows * attributes.columns * attributes.bits_allocated // 8
    raw = archive.read(
        instance.stored_sha256,
        offset=instance.pixel_offset + frame * frame_bytes,
        length=frame_bytes,
    )
    little_endian = instance.transfer_syntax_uid != ExplicitVRBigEndian
    return hounsfield_bytes(native_frame(raw, attributes, little_endian=little_endian), attributes)


def _check_file(instance: Instance, archive: Archive) -> None:
    if not archive.verify(instance.stored_sha256):
        raise BlobDamagedError(instance.stored_sha256)


def _decoded_by_child(instance: Instance, *, frame: int, archive: Archive, pool: Pool) -> bytes:
    output = archive.spool_path()
    try:
        answer = pool.submit(
            {
                "task": "decode",
                "source": str(archive.path(instance.stored_sha256)),
                "output": str(output),
                "frame": frame,
                "pixels": {
                    "attributes": instance.attributes,
                    "transfer_syntax_uid": instance.transfer_syntax_uid,
                    "pixel_offset": instance.pixel_offset,
                    "pixel_length": instance.pixel_length,
                },
            }
        ).result()
        if isinstance(answer, Refused):
            raise FrameNotDecodableError(answer.reason_code)
        if isinstance(answer, Fault):
            raise storage_fault(answer.errno)
        return output.read_bytes()
    finally:
        output.unlink(missing_ok=True)
