"""The registry's nouns, one a file."""

from .adjudication import AdjudicatedFinding, AdjudicatedFindingSite, Adjudication
from .audit_report import AuditReport
from .centre import Centre
from .component import Component
from .contrast_study import ContrastStudy, StudyLink
from .history_event import (
    INSTALLATION_CHAIN,
    HistoryChain,
    HistoryEvent,
)
from .masked_reread import MaskedReread
from .membership import Membership, Role
from .patient import BY_REGISTRY_NUMBER, Patient, PatientIdentity
from .read import ImagingFinding, ImagingFindingSite, Read
from .read_draft import ReadDraft
from .read_key_image import ReadKeyImage
from .read_measurement import ReadMeasurement
from .read_sending import ReadSending
from .reading_assignment import ReadingAssignment
from .reading_protocol import ReadingProtocol
from .revision_case import PresentingSign, RevisionCase, WorkupStep
from .revision_surgery import IntraoperativeFinding, Procedure, RevisionSurgery
from .user import SuperuserError, User

__all__ = [
    "BY_REGISTRY_NUMBER",
    "INSTALLATION_CHAIN",
    "AdjudicatedFinding",
    "AdjudicatedFindingSite",
    "Adjudication",
    "AuditReport",
    "Centre",
    "Component",
    "ContrastStudy",
    "HistoryChain",
    "HistoryEvent",
    "ImagingFinding",
    "ImagingFindingSite",
    "IntraoperativeFinding",
    "MaskedReread",
    "Membership",
    "Patient",
    "PatientIdentity",
    "PresentingSign",
    "Procedure",
    "Read",
    "ReadDraft",
    "ReadKeyImage",
    "ReadMeasurement",
    "ReadSending",
    "ReadingAssignment",
    "ReadingProtocol",
    "RevisionCase",
    "RevisionSurgery",
    "Role",
    "StudyLink",
    "SuperuserError",
    "User",
    "WorkupStep",
]
