"""Every read of imaging. Other parts of the product ask here and nowhere else."""

from .runs import counts, counts_of_runs, open_upload, own_upload, run, run_files, runs
from .studies import (
    all_series,
    frame_at,
    instances,
    series,
    series_of_run,
    studies,
    studies_for_linking,
    studies_of_run,
    study,
    subject_key_of,
)
from .viewer import ADD_STUDY, VIEW_STUDY, Viewer

__all__ = [
    "ADD_STUDY",
    "VIEW_STUDY",
    "Viewer",
    "all_series",
    "counts",
    "counts_of_runs",
    "frame_at",
    "instances",
    "open_upload",
    "own_upload",
    "run",
    "run_files",
    "runs",
    "series",
    "series_of_run",
    "studies",
    "studies_for_linking",
    "studies_of_run",
    "study",
    "subject_key_of",
]
