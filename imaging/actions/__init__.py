"""Every write of imaging: one atomic change each, with its history event."""

from .files import FileFacts, StaleBatchError, record_batch
from .geometry import judge_series_left_over
from .runs import count_ignored, finish_run, start_run

__all__ = [
    "FileFacts",
    "StaleBatchError",
    "count_ignored",
    "finish_run",
    "judge_series_left_over",
    "record_batch",
    "start_run",
]
