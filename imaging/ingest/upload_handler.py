"""Receive uploaded files into the spool.

Django's own handler would give the temporary file the sender's extension, which may carry a
patient's name, and would fail the whole request when the disk is full.
"""

import errno
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from imaging.archive.configured import configured_archive
from imaging.archive.errors import StorageFaultError, storage_fault

MAX_UPLOADED_BYTES = 20 * 1024**3


class SpooledUpload(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file in the spool.

    Attributes
    ----------
    path
        Where it lies; gone once the request is over, unless somebody moved it. None when the
        storage could not take it.
    fault
        Why the storage could not take it, or None.
    """

    def __init__(self, *, path: Path | None, fault: StorageFaultError | None, **about: Any) -> None:
        super().__init__(**about)
        self.path = path
        self.fault = fault

    def close(self) -> None:
        super().close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class SpoolUploadHandler(FileUploadHandler):
    """Writes each chunk to the spool as it comes; nobody who is not signed in gets that far."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile
        self._fault: StorageFaultError | None = None
        self._path: Path | None = None
        self._file: IO[bytes] = BytesIO()
        try:
            path = configured_archive().spool_path()
            self._file = path.open("w+b")
            self._path = path
            path.chmod(0o600)
        except StorageFaultError as error:
            self._fault = error
        except OSError as error:
            self._fault = storage_fault(error.errno)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._fault is not None:
            return
        try:
            if start + len(raw_data) > MAX_UPLOADED_BYTES:
                raise OSError(errno.EFBIG, "upload too large")
            self._file.write(raw_data)
        except OSError as error:
            self._fault = storage_fault(error.errno)
            self._file.truncate(0)

    def file_complete(self, file_size: int) -> SpooledUpload:
        try:
            self._file.flush()
        except OSError as error:
            self._fault = self._fault or storage_fault(error.errno)
        self._file.seek(0)
        return SpooledUpload(
            path=self._path,
            fault=self._fault,
            file=self._file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
            if self._path is not None:
                self._path.unlink(missing_ok=True)
