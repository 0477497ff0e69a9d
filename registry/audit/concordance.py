"""What each finding and each site of a leak came to at operation."""

from collections.abc import Iterable, Mapping
from typing import Final

from .accuracy_cells import Ids
from .codes import FINDING_LABELS, LEAK_SITE_LABELS, Finding, LeakSite
from .counted_studies import Concordance, CountedStudy, Result
from .intervals import clopper_pearson
from .protocol import Column, Form, TableDescription
from .reference import DEFECT_LABELS, DefectKind
from .result import Cell, Table

NO_DEFECT: Final = "none"

ROWS: Final[dict[str, str]] = {
    **{str(finding): label for finding, label in FINDING_LABELS.items()},
    str(Result.NOT_ASPIRABLE): "Not aspirable",
}

AT_OPERATION: Final[dict[str, str]] = {
    **{str(kind): label for kind, label in DEFECT_LABELS.items()},
    NO_DEFECT: "No catheter defect",
}

CONCORDANCE: Final = TableDescription(
    key="concordance",
    label="Finding of the study against the operation",
    columns=(
        Column("key", "Key"),
        Column("label", "Finding of the study"),
        *(Column(key, label, counts=True) for key, label in AT_OPERATION.items()),
        Column("verified", "Verified studies", counts=True),
    ),
    note=(
        "Verified studies. An operation that found several kinds of defect counts in each, so a "
        "row may add up to more than its studies. Grouping of operative findings [proposal]."
    ),
)

_SHARES: Final = (
    Column("exact", "Exact", counts=True),
    Column("partial", "Partial", counts=True),
    Column("discordant", "Discordant", counts=True),
    Column("value", "Exact, of verified", form=Form.PERCENT),
    Column("value_lower", "95 % interval", form=Form.PERCENT),
    Column("value_upper", "Upper limit", form=Form.PERCENT),
)

BY_FINDING: Final = TableDescription(
    key="by_finding",
    label="Accuracy of each finding",
    columns=(
        Column("key", "Key"),
        Column("label", "Finding of the study"),
        Column("verified", "Verified", counts=True),
        *_SHARES,
    ),
    note=(
        "Exact: the defect is of a kind that confirms the finding, and a leak was where it was "
        "read, if a site was recorded. Partial: a defect, of another kind or elsewhere. "
        "Discordant: no defect of the catheter, or one after a normal study. Which kinds and sites "
        "confirm which [proposal]. Exact intervals (Clopper-Pearson)."
    ),
)

BY_SITE: Final = TableDescription(
    key="by_site",
    label="Accuracy of each site of a leak",
    columns=(
        Column("key", "Key"),
        Column("label", "Site on the image"),
        Column("verified", "Verified", counts=True),
        *_SHARES,
    ),
    note=(
        "Verified leaks by each of their sites. Exact: open where it was read. Partial: a defect "
        "of the catheter elsewhere, or of another kind. Discordant: none. Exact intervals "
        "(Clopper-Pearson)."
    ),
)

DISCORDANT: Final = TableDescription(
    key="discordant",
    label="Discordant studies",
    columns=(
        Column("key", "Key"),
        Column("label", "What the study showed"),
        Column("found", "What the operation found"),
        Column("days", "Days to operation"),
        Column("blind", "Read before the operation"),
        Column("surgeon_knew", "Surgeon knew the result"),
        Column("studies", "Studies", counts=True),
    ),
    note="One row for each study that operation and image disagree on; its number opens it.",
)


def concordance_table(studies: Mapping[str, CountedStudy]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for key, label in ROWS.items():
        verified = [
            (study_id, one)
            for study_id, one in sorted(studies.items())
            if one.verified and one.finding == key
        ]
        shares = {
            **{
                str(kind): tuple(study_id for study_id, one in verified if kind in one.defects)
                for kind in DefectKind
            },
            NO_DEFECT: tuple(study_id for study_id, one in verified if not one.defects),
            "verified": tuple(study_id for study_id, _ in verified),
        }
        rows.append((key, label, *(len(ids) for ids in shares.values())))
        members |= {(key, column): ids for column, ids in shares.items()}
    return CONCORDANCE.filled(rows, members)


def by_finding_table(studies: Mapping[str, CountedStudy]) -> Table:
    """Positive and negative findings; what is neither has nothing to agree with."""
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for finding, label in FINDING_LABELS.items():
        if finding is not Finding.INDETERMINATE:
            compared = {
                study_id: one.concordance
                for study_id, one in studies.items()
                if one.finding == finding and one.concordance is not None
            }
            rows.append((str(finding), label, *_row(str(finding), compared, members)))
    return BY_FINDING.filled(rows, members)


def by_site_table(studies: Mapping[str, CountedStudy]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    for site, label in LEAK_SITE_LABELS.items():
        compared = {
            study_id: _at_site(one, site)
            for study_id, one in studies.items()
            if one.verified
            and one.finding == Finding.LEAK
            and one.read is not None
            and site in one.read.leak_sites
        }
        rows.append((str(site), label, *_row(str(site), compared, members)))
    return BY_SITE.filled(rows, members)


def discordant_table(studies: Mapping[str, CountedStudy]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    members: dict[tuple[str, str], Ids] = {}
    discordant = [
        (study_id, one)
        for study_id, one in sorted(studies.items())
        if one.concordance is Concordance.DISCORDANT
    ]
    for number, (study_id, one) in enumerate(discordant, start=1):
        assert one.pair is not None
        key = f"discordant_{number}"
        found = [DEFECT_LABELS[kind] for kind in DefectKind if kind in one.defects]
        rows.append(
            (
                key,
                ROWS[str(one.finding)],
                ", ".join(found) or AT_OPERATION[NO_DEFECT],
                (one.pair.surgery.performed_on - one.study.performed_on).days,
                _yes_or_no(one.pair.blind),
                _yes_or_no(one.pair.surgery.imaging_known),
                1,
            )
        )
        members[key, "studies"] = (study_id,)
    return DISCORDANT.filled(rows, members)


def _at_site(one: CountedStudy, site: LeakSite) -> Concordance:
    if not one.defects:
        return Concordance.DISCORDANT
    return Concordance.EXACT if one.found_at(site) else Concordance.PARTIAL


def _row(
    key: str, compared: Mapping[str, Concordance], members: dict[tuple[str, str], Ids]
) -> Iterable[Cell]:
    shares = {"verified": tuple(sorted(compared))} | {
        str(kind): tuple(sorted(one for one, found in compared.items() if found is kind))
        for kind in Concordance
    }
    members |= {(key, column): ids for column, ids in shares.items()}
    exact, of = len(shares["exact"]), len(compared)
    limits = clopper_pearson(exact, of)
    value = (None, None, None) if limits is None else (exact / of, limits.lower, limits.upper)
    return (*(len(ids) for ids in shares.values()), *value)


def _yes_or_no(known: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[known]
