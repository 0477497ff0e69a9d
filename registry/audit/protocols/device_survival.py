"""How long pumps and catheters last, and what ends them.

Not the reproduction of one study: the endpoints are those of device registries.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from registry.audit.aalen_johansen import cumulative_incidence
from registry.audit.age_table import AGES, before_ages
from registry.audit.background_facts import BackgroundFacts
from registry.audit.baseline_table import KEY as BASELINE
from registry.audit.baseline_table import baseline_description, before_baseline
from registry.audit.centre_logs import CENTRE_LOGS, centre_logs_table
from registry.audit.component_course import (
    END_LABELS,
    ENDPOINT_RULE,
    ENTRY_RULE,
    FIRST_ENTRY_RULE,
    End,
    follow_up,
)
from registry.audit.component_groups import DIMENSIONS, Group, by_kind, divided
from registry.audit.component_hazards import COX, cox_table
from registry.audit.component_tables import (
    COMPARISONS,
    ENDPOINTS,
    FREEDOM,
    INCIDENCE,
    MINIMUM_AT_RISK,
    RATES,
    REPEATED,
    Endpoint,
    comparisons_table,
    day_of,
    freedom_table,
    incidence_table,
    rates_table,
    repeated_table,
)
from registry.audit.device_signals import INPUTS, SIGNAL_RULE, SIGNALS, signal_tables
from registry.audit.devices import KIND_LABELS, ComponentKind
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.intervals import Estimate
from registry.audit.kaplan_meier import METHOD, SurvivalCurve
from registry.audit.lane_tables import LANES, LANES_DRAWN, lane_tables
from registry.audit.lanes import LaneChoice
from registry.audit.patient_components import (
    REPEATED_RULE,
    Watched,
    observed,
    repeated,
    watched,
)
from registry.audit.protocol import Citation, Earlier, Protocol
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Curve, Tally
from registry.audit.selection import Filters
from registry.audit.survival_curves import (
    AT_RISK,
    at_risk_table,
    incidence_line,
    mean_line,
    survival_line,
)

UNIT: Final = "components"

HEADLINE_YEARS: Final = 5


def _ended(key: str, label: str, end: End, display: Display = Display.ALWAYS) -> Branch[Watched]:
    return Branch(key, label, lambda one: one.end is end, (), display)


FLOW: Final[Branch[Watched]] = Branch(
    "components",
    "Components",
    lambda one: True,
    (
        Branch(
            "no_day",
            "Day of implantation not known",
            lambda one: one.component.implanted_on is None,
            (),
            Display.IF_ANY,
        ),
        Branch(
            "not_watched",
            "Not in place in the period",
            lambda one: (
                one.component.implanted_on is not None and one.course is None and not one.before_log
            ),
            (),
            Display.IF_ANY,
        ),
        Branch(
            "before_log",
            "Ended before the log was complete",
            lambda one: one.before_log,
            (),
            Display.IF_ANY,
        ),
        Branch(
            "watched",
            "Under observation",
            lambda one: one.course is not None,
            (
                _ended("in_place", "In place to the end", End.WATCHED),
                _ended("died", "Patient died", End.DEATH),
                Branch(
                    "revised",
                    "Revised",
                    lambda one: one.end not in (None, End.WATCHED, End.DEATH),
                    (
                        _ended("revised_failure", END_LABELS[End.FAILURE], End.FAILURE),
                        _ended("revised_battery", END_LABELS[End.BATTERY], End.BATTERY),
                        _ended("revised_infection", END_LABELS[End.INFECTION], End.INFECTION),
                        _ended("revised_other", END_LABELS[End.OTHER], End.OTHER),
                        _ended(
                            "revised_no_reason",
                            END_LABELS[End.NO_REASON],
                            End.NO_REASON,
                            Display.IF_ANY,
                        ),
                    ),
                ),
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the components in place in the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    components = [
        one
        for patient in patients
        for one in watched(patient, period)
        if filters.limits.fits(one.component)
    ]
    kinds = by_kind([one.course for one in components if one.course is not None])
    present = {kind: group for kind, group in kinds.items() if group.courses}
    divisions = {
        f"{kind}-{dimension.key}": (
            f"{KIND_LABELS[kind]} by {dimension.label}",
            divided(kind, whole, dimension),
        )
        for kind, whole in present.items()
        for dimension in DIMENSIONS
    }
    groups = [
        group
        for kind, whole in present.items()
        for group in (
            whole,
            *(part for dimension in DIMENSIONS for part in divisions[f"{kind}-{dimension.key}"][1]),
        )
    ]
    curves = {
        endpoint.key: {group.key: endpoint.curve(group.courses) for group in groups}
        for endpoint in ENDPOINTS
    }
    of_centres: dict[str, list[str]] = {}
    for group in kinds.values():
        for one in group.courses:
            of_centres.setdefault(one.centre, []).append(one.component.component_id)
    logs = centre_logs_table(patients, of_centres, period)
    choice = LaneChoice()
    again = repeated(choice.passing(observed(patients, period)))
    background = {
        patient.patient_id: one for patient in patients for one in patient.of(BackgroundFacts)
    }
    models = {str(kind): divisions[f"{kind}-model"][1] for kind in present}
    return Tally(
        flow=build_flow(FLOW, {one.component.component_id: one for one in components}),
        estimates=tuple(
            _revised_by(kinds[kind], endpoint, curves[endpoint.key].get(str(kind)))
            for kind in (ComponentKind.PUMP, ComponentKind.SPINAL_SEGMENT)
            for endpoint in ENDPOINTS
        ),
        tables=(
            *([] if logs is None else [logs]),
            rates_table(groups),
            *(freedom_table(endpoint, curves[endpoint.key], groups) for endpoint in ENDPOINTS),
            at_risk_table(
                {
                    group.key: (group.label, curves["revision"][group.key].follow_up)
                    for group in groups
                }
            ),
            incidence_table(list(present.values())),
            comparisons_table(divisions),
            cox_table(list(present.values()), background),
            repeated_table(again),
            *lane_tables(choice, filters.limits.fits),
            *signal_tables(models),
        ),
        curves=(
            *_survival_lines(groups, curves),
            *_incidence_lines(list(present.values())),
            mean_line("repeated", "Revisions per patient", again),
        ),
    )


def _survival_lines(
    groups: Sequence[Group], curves: dict[str, dict[str, SurvivalCurve]]
) -> list[Curve]:
    lines = [
        survival_line(f"free-of-{endpoint.key}-{group.key}", group.label, curve)
        for endpoint in ENDPOINTS
        for group in groups
        for curve in [curves[endpoint.key][group.key]]
    ]
    return [line for line in lines if line.points]


def _incidence_lines(kinds: Sequence[Group]) -> list[Curve]:
    lines = []
    for group in kinds:
        followed = follow_up(group.courses)
        for cause in followed.causes:
            end = End(cause)
            lines.append(
                incidence_line(
                    f"ended-by-{end.name.lower()}-{group.key}",
                    f"{group.label}: {END_LABELS[end].lower()}",
                    cumulative_incidence(followed, cause=cause),
                )
            )
    return [line for line in lines if line.points]


def _revised_by(group: Group, endpoint: Endpoint, curve: SurvivalCurve | None) -> ComparedEstimate:
    """One minus Kaplan-Meier at five years; None where too few are watched so long."""
    day = day_of(HEADLINE_YEARS)
    at = None if curve is None else curve.at(day, minimum_at_risk=MINIMUM_AT_RISK)
    had = tuple(
        sorted(
            one.component.component_id
            for one in group.courses
            if one.end in endpoint.ends and one.exit_day <= day
        )
    )
    what = "Revised" if endpoint.key == "revision" else "Failed"
    return ComparedEstimate(
        estimate=Estimate(
            key=f"{group.key}_{endpoint.key}_{HEADLINE_YEARS}",
            label=f"{group.label}: {what.lower()} within {HEADLINE_YEARS} years",
            numerator=len(had),
            denominator=len(group.courses),
            value=None if at is None or at.value is None else 1 - at.value,
            lower=None if at is None or at.upper is None else 1 - at.upper,
            upper=None if at is None or at.lower is None else 1 - at.lower,
            confidence=0.95,
            method=METHOD,
            unit=UNIT,
            window=f"days 0 to {day} after implantation",
        ),
        numerator=had,
        denominator=group.ids,
        published=None,
    )


PROTOCOL: Final = Protocol(
    key="device-survival",
    version="4",
    title="Survival of pumps and catheters",
    question="How long do the parts of a pump system last, and what ends them?",
    plain_words=(
        "This shows how many components are still in place, free of revision or of failure, so "
        "many years after implantation, and what ended the others. It cannot show why one model "
        "does worse than another: patients, surgeons and years differ, and nothing is adjusted "
        "but in the regression. A component nobody reported as removed counts as in place, so "
        "where follow-up is not logged every curve looks too good."
    ),
    citation=Citation(
        authors="Kaplan EL, Meier P",
        title="Nonparametric estimation from incomplete observations.",
        journal="J Am Stat Assoc",
        year=1958,
        pages="53(282):457-481",
        doi="10.1080/01621459.1958.10501452",
    ),
    population=(
        "Components of patients of the chosen centres that were in place on a day of the period. "
        "Each component counts by itself, so one patient counts several times."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=ENTRY_RULE,
    read_rule=ENDPOINT_RULE,
    window="from implantation to the end of the period",
    caveats=(
        "The proportion beside n/N is Kaplan-Meier's and not their quotient: components watched "
        "for a short time count for as long as they were watched.",
        "A device registry reports more than 90 % of pumps of every model free of failure, and at "
        "five years more than 81 % of catheters but those revised or grafted not as designed; it "
        "prints no counts we could compare with [S86].",
        "Kaplan-Meier censors deaths and other ends: it says how the device does. Cumulative "
        "incidence says what patients meet.",
        "Components of one patient are taken as independent; the intervals are then too narrow.",
        "Where most components came under observation late, the early part of a curve rests on "
        "few.",
    ),
    published=(),
    flow_keys=(
        "components",
        "watched",
        "in_place",
        "died",
        "revised",
        "revised_failure",
        "revised_battery",
        "revised_infection",
        "revised_other",
    ),
    headline=(
        "pump_revision_5",
        "pump_failure_5",
        "spinal_segment_revision_5",
        "spinal_segment_failure_5",
    ),
    tables=(
        baseline_description(UNIT),
        AGES,
        CENTRE_LOGS,
        RATES,
        *FREEDOM.values(),
        AT_RISK,
        INCIDENCE,
        COMPARISONS,
        COX,
        REPEATED,
        LANES,
        LANES_DRAWN,
        SIGNALS,
        INPUTS,
    ),
    count=count,
    reporting=by_protocol.DEVICE_SURVIVAL,
    needs=frozenset(
        {
            FactGroup.COMPONENTS,
            FactGroup.PROCEDURES,
            FactGroup.DEPARTURES,
            FactGroup.BACKGROUND,
            FactGroup.CENTRE_LOG,
        }
    ),
    further_rules=(REPEATED_RULE, SIGNAL_RULE),
    counts_adjudications=False,
    earlier=(
        Earlier(
            FactGroup.CENTRE_LOG, "1", FIRST_ENTRY_RULE, without=frozenset({BASELINE, AGES.key})
        ),
        before_baseline("2", ENTRY_RULE),
        before_ages("3", ENTRY_RULE),
    ),
)
