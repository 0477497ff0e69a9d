"""What leaves and enters the registry, table by table: the one place a new model is added to.

A table is a kind of record with what hangs on it: lists of codes, which become one column, and
rows, which become a table of their own below it. A new model joins `TABLES` by one entry; export,
codebook, data dictionary and import then know it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from registry import queries
from registry.exchange.columns import Column, closed_list_of, columns_of
from registry.models import (
    Assessment,
    AssessmentGrade,
    Complication,
    ComplicationRelation,
    Component,
    ContrastStudy,
    DoseSetting,
    ImagingFinding,
    ImagingFindingSite,
    IntegrityTested,
    IntraoperativeFinding,
    OutcomeReview,
    Patient,
    PresentingSign,
    Procedure,
    Read,
    Refill,
    RevisionCase,
    RevisionSurgery,
    ScreeningTest,
    TechniqueUsed,
    WorkupAlarm,
    WorkupRadiographFinding,
    WorkupStep,
)


@dataclass(frozen=True)
class CodeList:
    """Child rows of which only the code counts: one column, several codes in it."""

    name: str
    model: type[models.Model]

    def column(self, prefix: str) -> Column:
        code = self.model._meta.get_field("code")
        return Column(
            key=f"{prefix}.{self.name}",
            name=self.name,
            label=self.name.replace("_", " ").capitalize(),
            kind="codes",
            closed_list=closed_list_of(code),
        )


@dataclass(frozen=True)
class Rows:
    """Child rows with several answers: a table of their own, told apart by all they say."""

    key: str
    label: str
    name: str
    model: type[models.Model]
    link: str
    lists: tuple[CodeList, ...] = ()
    without: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        without = self.without | {self.link}
        own = columns_of(self.model, prefix=self.key, without=frozenset(without))
        return (*own, *(one.column(self.key) for one in self.lists))


@dataclass(frozen=True)
class Table:
    """Records of one kind.

    Attributes
    ----------
    below, link
        The table above and the field that leads there; empty for patients.
    path
        The way to the patient, as a query spells it.
    visible
        The records a viewer may see.
    told_apart_by
        Fields that tell two records below the same parent apart where a file names no id.
    """

    key: str
    label: str
    model: type[models.Model]
    visible: Callable[..., QuerySet[Any]]
    below: str = ""
    link: str = ""
    path: str = "pk"
    told_apart_by: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    lists: tuple[CodeList, ...] = ()
    rows: tuple[Rows, ...] = ()

    @cached_property
    def id_column(self) -> Column:
        if not self.below:
            return Column(
                key=f"{self.key}.registry_number",
                name="registry_number",
                label="Registry number",
                kind="text",
            )
        return Column(
            key=f"{self.key}.id", name="public_id", label=f"Id of the {self.label}", kind="id"
        )

    @property
    def id_columns(self) -> tuple[Column, ...]:
        """The ids on the way down, the patient's first: how a row of a file says what it means."""
        return tuple(one.id_column for one in (*self.above, self))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The answers; ids are not among them."""
        without = self.without | {self.link, self.id_column.name}
        own = columns_of(self.model, prefix=self.key, without=frozenset(without))
        return (*own, *(one.column(self.key) for one in self.lists))

    @property
    def above(self) -> tuple["Table", ...]:
        """The tables on the way up, patients first."""
        if not self.below:
            return ()
        parent = table(self.below)
        return (*parent.above, parent)


TABLES: tuple[Table, ...] = (
    Table(
        "patient", gettext_noop("patient"), Patient, queries.patients.visible,
        without=frozenset({"centre", "subject_key", "merged_into"}),
    ),
    Table(
        "case", gettext_noop("case"), RevisionCase, queries.cases.visible,
        below="patient", link="patient", path="patient", told_apart_by=("opened_on",),
        lists=(CodeList("presenting_signs", PresentingSign),),
        rows=(
            Rows(
                "workup_step", gettext_noop("work-up step"), "workup_steps", WorkupStep, "case",
                lists=(
                    CodeList("alarms", WorkupAlarm),
                    CodeList("radiograph_findings", WorkupRadiographFinding),
                ),
            ),
        ),
    ),
    Table(
        "study", gettext_noop("contrast study"), ContrastStudy, queries.contrast_studies.visible,
        below="case", link="case", path="case__patient", told_apart_by=("performed_on",),
    ),
    Table(
        "surgery", gettext_noop("operation"), RevisionSurgery, queries.surgeries.visible,
        below="case", link="case", path="case__patient", told_apart_by=("performed_on",),
        lists=(
            CodeList("procedures", Procedure),
            CodeList("techniques", TechniqueUsed),
            CodeList("integrity_tests", IntegrityTested),
        ),
        rows=(
            Rows(
                "surgery_finding", gettext_noop("intra-operative finding"), "findings",
                IntraoperativeFinding, "surgery",
            ),
        ),
    ),
    Table(
        "read", gettext_noop("read"), Read, queries.reads.standing,
        below="study", link="contrast_study", path="contrast_study__case__patient",
        told_apart_by=("source",),
        without=frozenset(
            {"reader", "opened_at", "supersedes", "masked_reread", "vocabulary_version"}
        ),
        rows=(
            Rows(
                "finding", gettext_noop("finding of a read"), "findings", ImagingFinding, "read",
                lists=(CodeList("sites", ImagingFindingSite),),
            ),
        ),
    ),
    Table(
        "component", gettext_noop("component"), Component, queries.components.visible,
        below="patient", link="patient", path="patient", told_apart_by=("kind", "implanted_on"),
    ),
    Table(
        "assessment", gettext_noop("assessment"), Assessment, queries.assessments.visible,
        below="patient", link="patient", path="patient",
        told_apart_by=("performed_on", "instrument"),
        rows=(
            Rows(
                "grade", gettext_noop("grade of an item"), "grades", AssessmentGrade, "assessment",
                without=frozenset({"instrument"}),
            ),
        ),
    ),
    Table(
        "screening_test", gettext_noop("screening test"), ScreeningTest,
        queries.screening_tests.visible,
        below="patient", link="patient", path="patient", told_apart_by=("performed_on",),
    ),
    Table(
        "dose", gettext_noop("dose setting"), DoseSetting, queries.dose_settings.visible,
        below="patient", link="patient", path="patient", told_apart_by=("set_on", "mode"),
    ),
    Table(
        "refill", gettext_noop("refill"), Refill, queries.refills.visible,
        below="patient", link="patient", path="patient", told_apart_by=("performed_on",),
    ),
    Table(
        "complication", gettext_noop("complication"), Complication, queries.complications.visible,
        below="patient", link="patient", path="patient", told_apart_by=("code", "occurred_on"),
        lists=(CodeList("relations", ComplicationRelation),),
    ),
    Table(
        "review", gettext_noop("outcome review"), OutcomeReview, queries.outcome_reviews.visible,
        below="case", link="case", path="case__patient", told_apart_by=("time", "reviewed_on"),
    ),
)  # fmt: skip
"""In the order they are written: what is referred to comes first."""


def table(key: str) -> Table:
    return next(one for one in TABLES if one.key == key)


def table_of(model_name: str) -> Table | None:
    """The table a link leads to, by the name of its model."""
    return next((one for one in TABLES if one.model._meta.model_name == model_name), None)
