"""Abousamra 2016: what CT contrast studies showed, and who was operated on.

Only the abstract was available. What it does not state (the sites of the five leaks, what
the operations found, what became of the three stopped studies) has no published figure
here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.codes import (
    ABNORMAL_FINDINGS,
    FINDING_LABELS,
    LEAK_SITE_LABELS,
    Finding,
    StudyOutcome,
)
from registry.audit.comparators import COMPARATORS, comparators_table
from registry.audit.data_notes import DATA_NOTES, data_notes_table
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.index_study import (
    INDEX_RULE,
    NOT_READ,
    RESULT_LABELS,
    Group,
    IndexedPatient,
    groups_by_result,
    indexed,
    joined,
)
from registry.audit.intervals import proportion
from registry.audit.leak_sites import LEAK_SITES, leak_sites_table, with_site, without_site
from registry.audit.pairing import READ_CHOICE, PairingRule
from registry.audit.protocol import (
    Citation,
    Column,
    Protocol,
    PublishedFigure,
    TableDescription,
)
from registry.audit.reporting import by_protocol
from registry.audit.result import Cell, ComparedEstimate, Table, Tally
from registry.audit.selection import Filters, in_therapy
from registry.audit.verification import TOTAL, VERIFICATION, verification_table

UNIT: Final = "patients"
RULE: Final = PairingRule()
WINDOW: Final = f"operation within {RULE.window_days} days after the study [proposal]"
COMPLETED_RESULTS: Final = (*Finding, NOT_READ)

PAPER: Final = "Abousamra 2016"
PAPER_DOI: Final = "doi:10.1111/dmcn.12893"
DELHAAS: Final = "Delhaas (adults)"
DELHAAS_SOURCE: Final = "repub.eur.nl/pub/126152"

PUBLISHED_COMPLETED: Final = 24
"""27 studied minus 3 stopped."""

PUBLISHED_OPERATED: Final = 16

PRINTED: Final = "printed counts"
DERIVED: Final = "derived from printed counts"
DERIVED_CELLS: Final = "derived from printed cells"


def _paper(measure: str, numerator: int, denominator: int, status: str) -> PublishedFigure:
    return PublishedFigure(
        measure=measure,
        study=PAPER,
        numerator=numerator,
        denominator=denominator,
        unit=UNIT,
        printed=None,
        status=status,
        source=PAPER_DOI,
    )


PUBLISHED: Final = (
    _paper("ct_rate", 27, 295, PRINTED),
    _paper("not_aspirable", 3, 27, PRINTED),
    _paper("study_yield", 12, 24, DERIVED),
    _paper("verified_abnormal", 12, 12, DERIVED),
    _paper("verified_normal", 4, 12, DERIVED),
    _paper("finding_normal_crescent", 12, 24, DERIVED),
    _paper("finding_inadequate_pooling", 5, 24, DERIVED),
    _paper("finding_leak", 5, 24, DERIVED),
    _paper("finding_occlusion", 2, 24, DERIVED),
    _paper("operated_finding_normal_crescent", 4, 16, PRINTED),
    _paper("operated_finding_inadequate_pooling", 5, 16, PRINTED),
    _paper("operated_finding_leak", 5, 16, PRINTED),
    _paper("operated_finding_occlusion", 2, 16, PRINTED),
    PublishedFigure(
        "not_aspirable", DELHAAS, 17, 70, "procedures", "24%", "printed", DELHAAS_SOURCE
    ),
    PublishedFigure(
        "study_yield", DELHAAS, 19, 50, "CT studies", None, DERIVED_CELLS, DELHAAS_SOURCE
    ),
)


def _is(*results: str) -> Callable[[IndexedPatient], bool]:
    return lambda one: one.result in results


def _unoperated(*results: str) -> Callable[[IndexedPatient], bool]:
    return lambda one: not one.operated and one.result in results


IF_ANY: Final = Display.IF_ANY

OPERATED: Final[Branch[IndexedPatient]] = Branch(
    "operated",
    "Operated",
    lambda one: one.operated,
    (
        Branch("operated_normal_crescent", "Normal crescent", _is(Finding.NORMAL_CRESCENT)),
        Branch(
            "operated_inadequate_pooling", "Inadequate pooling", _is(Finding.INADEQUATE_POOLING)
        ),
        Branch("operated_leak", "Leak", _is(Finding.LEAK)),
        Branch("operated_occlusion", "Occlusion", _is(Finding.OCCLUSION)),
        Branch("operated_malposition", "Malposition", _is(Finding.MALPOSITION), (), IF_ANY),
        Branch("operated_indeterminate", "Indeterminate", _is(Finding.INDETERMINATE), (), IF_ANY),
        Branch("operated_not_read", "Not read", _is(NOT_READ), (), IF_ANY),
    ),
)

COMPLETED: Final[Branch[IndexedPatient]] = Branch(
    "completed",
    "Study completed",
    _is(*COMPLETED_RESULTS),
    (
        Branch("normal_not_operated", "Normal, not operated", _unoperated(Finding.NORMAL_CRESCENT)),
        Branch("abnormal_not_operated", "Abnormal, not operated", _unoperated(*ABNORMAL_FINDINGS)),
        Branch(
            "indeterminate_not_operated",
            "Indeterminate, not operated",
            _unoperated(Finding.INDETERMINATE),
            (),
            IF_ANY,
        ),
        Branch("not_read", "Not read, not operated", _unoperated(NOT_READ), (), IF_ANY),
        OPERATED,
    ),
)

CT_STUDIED: Final[Branch[IndexedPatient]] = Branch(
    "ct_studied",
    "CT contrast study",
    lambda one: one.result is not None,
    (
        Branch(
            "stopped_not_aspirable",
            "Stopped: not aspirable",
            _is(StudyOutcome.STOPPED_NOT_ASPIRABLE),
        ),
        Branch(
            "stopped_other", "Stopped: other reason", _is(StudyOutcome.STOPPED_OTHER), (), IF_ANY
        ),
        COMPLETED,
    ),
)

FLOW: Final[Branch[IndexedPatient]] = Branch(
    "patients",
    "Patients with a pump system",
    lambda one: True,
    (
        CT_STUDIED,
        Branch(
            "not_ct_studied",
            "No CT contrast study",
            lambda one: one.result is None,
            (),
            Display.REMAINDER,
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the patients of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    cohort = {
        patient.patient_id: indexed(patient, period=period, rule=RULE)
        for patient in patients
        if in_therapy(patient, period)
    }
    groups = groups_by_result(cohort)
    leaks = groups[Finding.LEAK].everybody
    sites = {
        site: _compared(
            f"leak_site_{site}", f"{label}, of leaks", with_site(cohort, leaks, site), leaks
        )
        for site, label in LEAK_SITE_LABELS.items()
    }
    estimates = (*_estimates(cohort, groups), *sites.values())
    return Tally(
        flow=build_flow(FLOW, cohort),
        estimates=estimates,
        tables=(
            _findings_table(groups),
            leak_sites_table(sites, without_site(cohort, leaks)),
            comparators_table(estimates, PUBLISHED),
            verification_table(cohort, groups),
            data_notes_table(cohort),
        ),
    )


def _compared(
    key: str,
    label: str,
    numerator: tuple[str, ...],
    denominator: tuple[str, ...],
    window: str | None = None,
) -> ComparedEstimate:
    figure = next((f for f in PUBLISHED if f.measure == key and f.study == PAPER), None)
    return ComparedEstimate(
        estimate=proportion(
            key=key,
            label=label,
            numerator=len(numerator),
            denominator=len(denominator),
            unit=UNIT,
            window=window,
        ),
        numerator=numerator,
        denominator=denominator,
        published=None if figure is None else figure.to_json(),
    )


def _estimates(
    cohort: Mapping[str, IndexedPatient], groups: Mapping[str, Group]
) -> tuple[ComparedEstimate, ...]:
    studied = joined(groups, RESULT_LABELS).everybody
    completed = joined(groups, COMPLETED_RESULTS)
    abnormal = joined(groups, ABNORMAL_FINDINGS)
    normal = groups[Finding.NORMAL_CRESCENT]
    not_aspirable = groups[StudyOutcome.STOPPED_NOT_ASPIRABLE].everybody
    rates = [
        _compared("ct_rate", "CT contrast study, of all patients", studied, tuple(sorted(cohort))),
        _compared("not_aspirable", "Not aspirable, of all studied", not_aspirable, studied),
        _compared(
            "study_yield", "Abnormal, of completed studies", abnormal.everybody, completed.everybody
        ),
        *(
            _compared(
                f"verified_{name}",
                f"Operated within {RULE.window_days} days, of {name}",
                group.operated,
                group.everybody,
                WINDOW,
            )
            for name, group in (("abnormal", abnormal), ("normal", normal))
        ),
    ]
    findings = [
        _compared(
            f"finding_{finding}",
            f"{label}, of completed studies",
            groups[finding].everybody,
            completed.everybody,
        )
        for finding, label in FINDING_LABELS.items()
    ]
    operated = [
        _compared(
            f"operated_finding_{finding}",
            f"{label}, of operated",
            groups[finding].operated,
            completed.operated,
            WINDOW,
        )
        for finding, label in FINDING_LABELS.items()
    ]
    return (*rates, *findings, *operated)


FINDINGS_TABLE: Final = TableDescription(
    key="findings",
    label="Findings of the completed studies",
    columns=(
        Column("key", "Key"),
        Column("label", "Finding"),
        Column("completed", "Completed studies", counts=True),
        Column("not_operated", "Not operated", counts=True),
        Column("operated", "Operated", counts=True),
        Column("published_completed", "Published: completed"),
        Column("published_operated", "Published: operated"),
    ),
    note=(
        "Counts patients, one primary finding each. Abousamra 2016 prints the operated; completed "
        "is derived: the 8 it calls normal, no surgery needed, stand under normal crescent."
    ),
)


def _published_numerator(measure: str) -> int | None:
    return next((f.numerator for f in PUBLISHED if f.measure == measure and f.study == PAPER), None)


def _findings_table(groups: Mapping[str, Group]) -> Table:
    lines = [(result, RESULT_LABELS[result], groups[result]) for result in COMPLETED_RESULTS]
    lines.append((TOTAL, "All completed studies", joined(groups, COMPLETED_RESULTS)))
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, label, group in lines:
        shares = (group.everybody, group.not_operated, group.operated)
        measures = (f"finding_{key}", f"operated_finding_{key}")
        published: tuple[Cell, ...] = tuple(_published_numerator(one) for one in measures)
        if key == TOTAL:
            published = (PUBLISHED_COMPLETED, PUBLISHED_OPERATED)
        rows.append((str(key), label, *(len(share) for share in shares), *published))
        for column, share in zip(("completed", "not_operated", "operated"), shares, strict=True):
            cells[key, column] = share
    return FINDINGS_TABLE.filled(rows, cells)


FLOW_KEYS: Final = (
    "patients",
    "ct_studied",
    "stopped_not_aspirable",
    "completed",
    "normal_not_operated",
    "abnormal_not_operated",
    "operated",
    "operated_normal_crescent",
    "operated_inadequate_pooling",
    "operated_leak",
    "operated_occlusion",
)
"""Boxes of the published flow; other boxes are printed only when somebody is in them."""

PROTOCOL: Final = Protocol(
    key="abousamra-2016",
    version="3",
    title="CT contrast studies and revision surgery",
    question=(
        "When patency of the catheter is in question, what does the CT contrast study show, and "
        "who is operated on afterwards?"
    ),
    plain_words=(
        "This shows how often contrast CT was used, what it showed, and how many were operated on "
        "after each finding, beside the published counts. It cannot show how often CT is right: "
        "who has a normal study is rarely operated on, so nobody learns what was missed."
    ),
    citation=Citation(
        authors="Abousamra O, Rogers KJ, McManus M, Miller F, Sees JP",
        title=(
            "Evaluation of intrathecal baclofen delivery system malfunction by computed "
            "tomography scan."
        ),
        journal="Dev Med Child Neurol",
        year=2016,
        pages="58(4):409-415",
        doi="10.1111/dmcn.12893",
    ),
    population=(
        "Patients of the chosen centres whose intrathecal therapy overlaps the period, or who had "
        "a CT contrast study in it. Patients without a study are counted, not listed: they are "
        "all patients minus those studied."
    ),
    unit=UNIT,
    pairing=RULE,
    index_rule=INDEX_RULE,
    read_rule=READ_CHOICE,
    window=WINDOW,
    caveats=(
        "The published study included only patients who had an operation after their CT. Whether "
        "a study is verified depends on its result (12 of 12 abnormal, 4 of 12 normal, those for "
        "the battery), so these counts are no sensitivity and no specificity.",
        "Counts are patients, not studies and not procedures. The published 27 is a count of "
        "patients, too.",
        "Not aspirable is an outcome of its own: neither occlusion, nor negative, nor missing.",
        "Abnormal means inadequate pooling, leak, occlusion or malposition. An indeterminate or "
        "unread study is neither normal nor abnormal; it stays in the denominator of completed "
        "studies.",
        "Intervals are exact (Clopper-Pearson, 95 %). Published intervals are computed here from "
        "published counts; the abstract prints none.",
        "Only the abstract of the published study was available. It does not state how its leaks "
        "divide among the sites, what the operations found, or what became of the stopped studies.",
    ),
    published=PUBLISHED,
    flow_keys=FLOW_KEYS,
    headline=("ct_rate", "not_aspirable", "study_yield", "verified_abnormal", "verified_normal"),
    tables=(BASELINE, AGES, FINDINGS_TABLE, LEAK_SITES, COMPARATORS, VERIFICATION, DATA_NOTES),
    count=count,
    reporting=by_protocol.ABOUSAMRA,
    needs=frozenset({FactGroup.BACKGROUND}),
    earlier=(before_baseline("1", INDEX_RULE), before_ages("2", INDEX_RULE)),
)
