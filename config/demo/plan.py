"""The cohort as plain values, before anything is written: the same on every machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.demo.provenance import NOTHING
from imaging.dicom.phantom import PhantomFinding
from registry.actions.cases import WorkupEntry
from registry.actions.surgeries import IntraoperativeEntry

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class ReadPlan:
    finding: str
    sites: tuple[str, ...]
    certainty: int
    tip_level: str
    stated: frozenset[str]


@dataclass(frozen=True)
class ImagePlan:
    """A synthetic CT for a contrast study: linked to it or left for somebody to link."""

    finding: PhantomFinding
    seed: int
    linked: bool = True
    read_here: bool = False
    """The read is signed by the reader from these images, not abstracted from a report."""
    second: ReadPlan | None = None
    """What the second reader signs."""
    decided: bool = False
    """A third reader has decided between the two, for the first."""


@dataclass(frozen=True)
class StudyPlan:
    fields: Fields
    stated: frozenset[str]
    read: ReadPlan | None = None
    image: ImagePlan | None = None

    @property
    def performed_on(self) -> date:
        day = self.fields["performed_on"]
        assert isinstance(day, date)
        return day


@dataclass(frozen=True)
class SurgeryPlan:
    """An operation with the components it placed, each for one of its kind where there is one.

    `explanted` are the kinds it took out without another.
    """

    fields: Fields
    procedures: tuple[str, ...]
    findings: tuple[IntraoperativeEntry, ...]
    replacements: tuple[Fields, ...] = ()
    explanted: tuple[str, ...] = ()
    stated: frozenset[str] = NOTHING

    @property
    def performed_on(self) -> date:
        day = self.fields["performed_on"]
        assert isinstance(day, date)
        return day


@dataclass(frozen=True)
class ComplicationPlan:
    fields: Fields
    relations: tuple[str, ...]


@dataclass(frozen=True)
class EpisodePlan:
    """One case; without `outcome` it is still open."""

    fields: Fields
    presenting_signs: tuple[str, ...] = ()
    workup: tuple[WorkupEntry, ...] = ()
    study: StudyPlan | None = None
    surgery: SurgeryPlan | None = None
    later_surgeries: tuple[SurgeryPlan, ...] = ()
    complications: tuple[ComplicationPlan, ...] = ()
    closed_on: date | None = None
    outcome: str = ""

    @property
    def surgeries(self) -> tuple[SurgeryPlan, ...]:
        first = () if self.surgery is None else (self.surgery,)
        return first + self.later_surgeries


@dataclass(frozen=True)
class PatientPlan:
    centre_code: str
    local_number: str
    name: str
    birth_date: date
    fields: Fields
    components: tuple[Fields, ...]
    episode: EpisodePlan | None = None
    further: tuple[EpisodePlan, ...] = ()

    @property
    def episodes(self) -> tuple[EpisodePlan, ...]:
        first = () if self.episode is None else (self.episode,)
        return first + self.further
