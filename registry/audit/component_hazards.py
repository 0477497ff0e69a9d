"""What goes with revision of a component: Cox regression, where there are events enough."""

from collections.abc import Mapping, Sequence
from typing import Final

from .background_facts import BackgroundFacts
from .component_course import Course
from .component_groups import Group
from .component_tables import ENDPOINTS, Endpoint
from .cox import EVENTS_PER_COVARIATE, cox
from .devices import MATERIALS, ComponentKind
from .errors import NotConvergedError
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

REFERENCE_YEAR: Final = 2000

COX: Final = TableDescription(
    key="cox",
    label="What goes with revision (Cox regression)",
    columns=(
        Column("key", "Key"),
        Column("label", "Hazard ratio of"),
        Column("events", "Events"),
        Column("components", "of"),
        Column("ratio", "Ratio", form=Form.RATIO),
        Column("ratio_lower", "95 % interval", form=Form.RATIO),
        Column("ratio_upper", "Upper limit", form=Form.RATIO),
        Column("p", "p", form=Form.P_VALUE),
        Column("proportional_p", "p, proportional", form=Form.P_VALUE),
        Column("why", "Why undefined"),
    ),
    note=(
        f"Fitted where there are {EVENTS_PER_COVARIATE} events for each covariate, on components "
        "of which all covariates are known. A small p of the last kind says that the ratio "
        "changes with time, and then no single ratio is right. Several components of one patient "
        "are taken as independent."
    ),
)


def cox_table(groups: Sequence[Group], background: Mapping[str, BackgroundFacts]) -> Table:
    """Both endpoints of every kind; a row without numbers says why there are none."""
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        covariates = [_covariates(one, background) for one in group.courses]
        for endpoint in ENDPOINTS:
            rows += _rows(group, endpoint, covariates)
    return COX.filled(rows, {})


def _rows(
    group: Group, endpoint: Endpoint, covariates: Sequence[Mapping[str, float | None]]
) -> list[tuple[Cell, ...]]:
    known = []
    columns: dict[str, list[float]] = {}
    for component, numbers in zip(group.courses, covariates, strict=True):
        if None in numbers.values():
            continue
        known.append(component)
        for name, number in numbers.items():
            assert number is not None
            columns.setdefault(name, []).append(number)
    varying = {name: column for name, column in columns.items() if len(set(column)) > 1}
    events = len(endpoint.members(known))
    label = f"{group.label}, {endpoint.label}"
    start: tuple[Cell, ...] = (events, len(known))
    if not varying or events < EVENTS_PER_COVARIATE * len(varying):
        needed = EVENTS_PER_COVARIATE * max(len(varying), 1)
        why = "no covariate varies" if known and not varying else f"needs {needed} events"
        return [(f"{group.key}-{endpoint.key}", label, *start, *[None] * 5, why)]
    try:
        model = cox(endpoint.observed(known), varying, cause=1)
    except NotConvergedError:
        why = "no finite estimate"
        return [(f"{group.key}-{endpoint.key}", label, *start, *[None] * 5, why)]
    return [
        (
            f"{group.key}-{endpoint.key}-{place}",
            f"{label}: {one.covariate}",
            *start,
            *(one.value, one.lower, one.upper, one.p_value, one.proportional_p),
            None,
        )
        for place, one in enumerate(model.ratios)
    ]


def _covariates(one: Course, background: Mapping[str, BackgroundFacts]) -> dict[str, float | None]:
    """Age in decades of calendar years, since only the year of birth is asked for."""
    patient = background.get(one.patient_id)
    year = one.implanted_on.year
    born = patient.birth_year if patient else None
    found: dict[str, float | None] = {
        "age at implantation, per 10 years": None if born is None else (year - born) / 10,
        "male against female": _SEXES.get(patient.sex) if patient else None,
        "implantation 5 years later": (year - REFERENCE_YEAR) / 5,
    }
    if one.component.kind != ComponentKind.PUMP:
        found["silicone against polymer-braided"] = _SILICONE.get(
            MATERIALS.get(one.component.model, "")
        )
    return found


_SEXES: Final = {"male": 1.0, "female": 0.0}
_SILICONE: Final = {"silicone": 1.0, "polymer_braided": 0.0}
