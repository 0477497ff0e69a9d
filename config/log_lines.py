"""Log lines that could be shown on a projector."""

import logging
import re
import traceback
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

SAYS_NOTHING_OF_PATIENTS = (OSError, OperationalError, ImproperlyConfigured)
"""Their messages speak of the machine: disks, sockets, settings."""

UID = re.compile(r"\b\d+(?:\.\d+){4,}")
"""Of five components or more; a version or an address of the network has fewer."""

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Says where a fault was raised and of which kind, but not with which words.

    A database names the whole row that it refused, and a failed conversion repeats what was typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line without UIDs: those of a source, as in an address of DICOMweb, tell a study."""
        return UID.sub("[UID]", super().format(record))

    def formatException(self, raised: Raised) -> str:  # noqa: N802 - the name is logging's
        error = raised[1]
        if error is None:
            return ""
        return "".join(_lines(error))


def _lines(error: BaseException) -> list[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_lines(earlier), "which led to\n"] if earlier else []
    lines += traceback.format_tb(error.__traceback__)
    words = f": {error}" if isinstance(error, SAYS_NOTHING_OF_PATIENTS) else ""
    return [*lines, f"{type(error).__qualname__}{words}\n"]
