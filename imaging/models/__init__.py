"""DICOM studies as they were stored, where they came from, and what became of every file.

Everything here is a fact of the scanner or of the intake: rows are added, never edited. Few
things are written later: the geometry verdict of a series when more of it arrives, what the
first images of a study did not say about its patient, the end of a delivery, and the end of a
source. Metadata of a series is derived, and written anew when the series has grown.
"""

from imaging.sealing import SealedTextField

from .deidentification_manifest import DeidentificationManifest
from .exclusion_rule import ExclusionRule
from .ignored_position import IgnoredPosition
from .ingest_run import IngestRun
from .ingested_file import IngestedFile
from .instance import Instance
from .lengths import SHA256_HEX_LENGTH
from .partial_upload import PartialUpload
from .peer import Peer
from .quarantine_decision import QuarantineDecision
from .remote_archive import RemoteArchive
from .series import Series
from .series_metadata import SeriesMetadata
from .study import Study
from .study_exclusion import StudyExclusion
from .study_retrieval import StudyRetrieval

__all__ = [
    "SHA256_HEX_LENGTH",
    "DeidentificationManifest",
    "ExclusionRule",
    "IgnoredPosition",
    "IngestRun",
    "IngestedFile",
    "Instance",
    "PartialUpload",
    "Peer",
    "QuarantineDecision",
    "RemoteArchive",
    "SealedTextField",
    "Series",
    "SeriesMetadata",
    "Study",
    "StudyExclusion",
    "StudyRetrieval",
]
