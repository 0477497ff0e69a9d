"""The registry's nouns, one a file."""

from .adjudication import AdjudicatedFinding, AdjudicatedFindingSite, Adjudication
from .advisory import Advisory, AdvisoryModel
from .assessment import Assessment, AssessmentGrade
from .audit_report import AuditReport
from .case_import import CaseImport, ImportedRecord
from .centre import Centre
from .complication import Complication, ComplicationRelation
from .component import Component
from .contrast_study import ContrastStudy, StudyLink
from .dose_setting import DoseSetting
from .form_draft import FormDraft
from .history_event import (
    INSTALLATION_CHAIN,
    HistoryChain,
    HistoryEvent,
)
from .list_entry import CentreTally, ListEntry, PatientTally
from .masked_reread import MaskedReread
from .membership import Membership, Role
from .outcome_review import OutcomeReview
from .patient import BY_REGISTRY_NUMBER, Patient, PatientIdentity
from .patient_merge import DistinctPatients, PatientMerge
from .patient_transfer import PatientTransfer, TransferAnswer
from .read import ImagingFinding, ImagingFindingSite, Read
from .read_draft import ReadDraft
from .read_key_image import ReadKeyImage
from .read_measurement import ReadMeasurement
from .read_sending import ReadSending
from .reading_assignment import ReadingAssignment
from .reading_protocol import ReadingProtocol
from .refill import Refill
from .report_schedule import ReportNotice, ReportSchedule, ScheduledReport
from .revision_case import (
    PresentingSign,
    RevisionCase,
    WorkupAlarm,
    WorkupRadiographFinding,
    WorkupStep,
)
from .revision_surgery import (
    IntegrityTested,
    IntraoperativeFinding,
    Procedure,
    RevisionSurgery,
    TechniqueUsed,
)
from .saved_filter import FilteredPage, SavedFilter
from .screening_test import ScreeningTest
from .signal_disposition import SignalDisposition
from .theatre_list import TheatreLine, TheatreList
from .user import Language, SuperuserError, User

__all__ = [
    "BY_REGISTRY_NUMBER",
    "INSTALLATION_CHAIN",
    "AdjudicatedFinding",
    "AdjudicatedFindingSite",
    "Adjudication",
    "Advisory",
    "AdvisoryModel",
    "Assessment",
    "AssessmentGrade",
    "AuditReport",
    "CaseImport",
    "Centre",
    "CentreTally",
    "Complication",
    "ComplicationRelation",
    "Component",
    "ContrastStudy",
    "DistinctPatients",
    "DoseSetting",
    "FilteredPage",
    "FormDraft",
    "HistoryChain",
    "HistoryEvent",
    "ImagingFinding",
    "ImagingFindingSite",
    "ImportedRecord",
    "IntegrityTested",
    "IntraoperativeFinding",
    "Language",
    "ListEntry",
    "MaskedReread",
    "Membership",
    "OutcomeReview",
    "Patient",
    "PatientIdentity",
    "PatientMerge",
    "PatientTally",
    "PatientTransfer",
    "PresentingSign",
    "Procedure",
    "Read",
    "ReadDraft",
    "ReadKeyImage",
    "ReadMeasurement",
    "ReadSending",
    "ReadingAssignment",
    "ReadingProtocol",
    "Refill",
    "ReportNotice",
    "ReportSchedule",
    "RevisionCase",
    "RevisionSurgery",
    "Role",
    "SavedFilter",
    "ScheduledReport",
    "ScreeningTest",
    "SignalDisposition",
    "StudyLink",
    "SuperuserError",
    "TechniqueUsed",
    "TheatreLine",
    "TheatreList",
    "TransferAnswer",
    "User",
    "WorkupAlarm",
    "WorkupRadiographFinding",
    "WorkupStep",
]
