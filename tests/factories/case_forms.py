"""What a person sends: the least each form of the case side accepts."""

from typing import Any

Answers = dict[str, Any]


def rows(prefix: str, *filled: Answers, initial: int = 0) -> Answers:
    """A formset with these rows."""
    answers: Answers = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": initial}
    for index, row in enumerate(filled):
        answers |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return answers


def case(**changes: Any) -> Answers:
    return {
        "opened_on": "2024-03-01",
        "trigger": "suspected_malfunction",
        **rows("workup"),
    } | changes


def completed_study(**changes: Any) -> Answers:
    return {
        "performed_on": "2024-03-05",
        "modality": "cap_ct_myelography",
        "outcome": "completed",
        "aspiration": "free",
    } | changes


def not_aspirable_study(**changes: Any) -> Answers:
    return {
        "performed_on": "2024-03-05",
        "modality": "cap_ct_myelography",
        "outcome": "stopped_not_aspirable",
    } | changes


def leak(**changes: Any) -> Answers:
    return {
        "adequacy": "adequate",
        "primary_finding": "leak",
        "sites_leak": ["pump_pocket_around_pump"],
        "certainty": "4",
    } | changes


def surgery(**changes: Any) -> Answers:
    return {
        "performed_on": "2024-03-12",
        "indication": "catheter_disconnection_pump",
        "planned": "unplanned",
        "imaging_known": "known",
        "procedures": ["connector_repair_or_replacement"],
        "connector_status": "confirmed",
        "connector_code": "disconnection",
        **rows("further"),
    } | changes


def prefixed(prefix: str, answers: Answers) -> Answers:
    """The answers as one of several forms on a page sends them."""
    return {f"{prefix}-{name}": value for name, value in answers.items()}


def whole_episode() -> Answers:
    """New patient, case, completed study with a leak, operation with a finding; open outcome."""
    surgery_answers = {k: v for k, v in surgery().items() if not k.startswith("further")}
    case_answers = {k: v for k, v in case().items() if not k.startswith("workup")}
    # A report need not say how certain it is.
    report = {k: v for k, v in leak().items() if k != "certainty"}
    return {
        **prefixed(
            "patient",
            {"known": "no", "sex": "female", "birth_year": "2009", "diagnosis": "cp_spastic"},
        ),
        **prefixed("case", case_answers),
        **prefixed("course", {"study": "yes", "operation": "yes", "ended": "no"}),
        **prefixed("study", completed_study()),
        **prefixed("report", report),
        **prefixed("surgery", surgery_answers),
    }
