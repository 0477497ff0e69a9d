"""Every write of imaging: one atomic change each, with its history event."""

from .files import Delivered, FileFacts, record_batch
from .geometry import judge_series_left_over
from .partial_uploads import AnotherFileError, begin_partial_upload, end_partial_upload
from .runs import count_ignored, finish_run, start_run
from .stale import StaleBatchError

__all__ = [
    "AnotherFileError",
    "Delivered",
    "FileFacts",
    "StaleBatchError",
    "begin_partial_upload",
    "count_ignored",
    "end_partial_upload",
    "finish_run",
    "judge_series_left_over",
    "record_batch",
    "start_run",
]
