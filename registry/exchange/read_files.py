"""The DICOM files of a signed read, each read back before it is given out.

highdicom is imported when the first file is written: no page and no command waits for it.
"""

from imaging.outbound import OutgoingFile
from registry.models import Read

from .signed_read import document_of


class NotReadBackError(Exception):
    """A file does not say what the registry says; it is given to nobody."""


def report(read: Read) -> OutgoingFile:
    """The read as structured report.

    Raises
    ------
    NoImagesError, ImageUnavailableError, NotReadBackError
    """
    from . import structured_report, structured_report_reader

    document = document_of(read)
    content = structured_report.write(document)
    if structured_report_reader.read(content) != document:
        raise NotReadBackError
    return OutgoingFile(structured_report.sop_instance_uid(document), content)


def key_images(read: Read) -> OutgoingFile | None:
    """Its key images as selection; None where none was marked.

    Raises
    ------
    NoImagesError, ImageUnavailableError, NotReadBackError
    """
    from . import key_objects

    document = document_of(read)
    if not document.key_images:
        return None
    content = key_objects.write(document)
    if key_objects.read(content) != key_objects.selected(document):
        raise NotReadBackError
    return OutgoingFile(key_objects.sop_instance_uid(document), content)
