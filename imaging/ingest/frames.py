"""One frame of a stored image as Hounsfield units, for whoever looks at it.

Native frames are numbers on disk and are converted here. Compressed frames pass through codecs
written in C, which only the limited child runs.
"""

from pathlib import Path

from pydicom.uid import ExplicitVRBigEndian

from imaging.archive.archive import Archive
from imaging.dicom.acceptance import NATIVE_TRANSFER_SYNTAXES
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.hounsfield import native_frame
from imaging.ingest.hounsfield_frames import hounsfield_bytes
from imaging.ingest.pool import Pool
from imaging.ingest.stored_images import checked_files, made_by_child, pixels_of
from imaging.models import Instance


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
    path = checked_files.path(instance, archive)
    if instance.transfer_syntax_uid not in NATIVE_TRANSFER_SYNTAXES:
        return _decoded_by_child(instance, path, frame=frame, archive=archive, pool=pool)
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


def _decoded_by_child(
    instance: Instance, path: Path, *, frame: int, archive: Archive, pool: Pool
) -> bytes:
    request = {"task": "decode", "frame": frame, "pixels": pixels_of(instance)}
    with made_by_child(path, request, image=instance, archive=archive, pool=pool) as output:
        return output.read_bytes()
