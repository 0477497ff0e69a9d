"""How STROBE and RECORD are answered by audits of one registry; each protocol says its own part."""

from collections.abc import Mapping
from typing import Final

from .answers import DoesNotApply, ForTheAuthors, Missing, Reply, Stands
from .printed import (
    Caveats,
    CentresAndPeriod,
    Estimates,
    Flow,
    Methods,
    Place,
    Provenance,
    Rows,
    Rules,
    Said,
    Shows,
)

Replies = Mapping[str, Reply]

WHO: Final = Rows("baseline", Shows.COUNTS)
"""Who was counted, with those of whom it is unknown or not recorded."""

CONSENT: Final = "Patients who declined or withdrew consent are not counted anywhere in it."
UNLINKED: Final = DoesNotApply("Everything counted is of this registry; no database is linked.")
WRITTEN: Final = ForTheAuthors("Title and abstract are written by the authors.")

STROBE_COMMON: Final[Replies] = {
    "1a": WRITTEN,
    "1b": WRITTEN,
    "2": ForTheAuthors("Background and rationale are written by the authors."),
    "3": Stands(Said(Place.QUESTION), lacks="Hypotheses are for the authors."),
    "4": Stands(
        Rules(),
        note="Records kept in routine, counted by rules with a version.",
        lacks="The name of the design is for the authors.",
    ),
    "5": Stands(
        CentresAndPeriod(),
        lacks="What kind of hospitals these are, and how patients come to them, is for the "
        "authors.",
    ),
    "6a": Stands(Rules(), lacks="How patients were followed up is for the authors."),
    "6b": DoesNotApply("Nothing is matched in this audit."),
    "7": Stands(Rules(), lacks="No confounder and no effect modifier is defined."),
    "8": Stands(
        Provenance(),
        note="The hash names the facts that were counted.",
        lacks="How each answer was obtained is not printed.",
    ),
    "9": Stands(Caveats(), note="Known biases.", lacks="Efforts against them are for the authors."),
    "10": Stands(
        Rules(),
        note="All whom the filters leave are counted; no size was planned here.",
    ),
    "11": DoesNotApply("This audit counts; it analyses no quantitative variable."),
    "12a": Stands(
        Methods(),
        note="Each interval names its method; nothing is adjusted for confounding.",
    ),
    "12b": DoesNotApply("No subgroup and no interaction is examined."),
    "12c": Missing("How missing answers were handled is not printed by this audit."),
    "12d": DoesNotApply("Nobody is followed over time in this audit."),
    "12e": DoesNotApply("This audit makes no sensitivity analysis."),
    "13a": Stands(Flow(), lacks=CONSENT),
    "13b": Stands(
        Flow(), note="Boxes that lead no further say why.", lacks=CONSENT
    ),
    "13c": Stands(Flow()),
    "14a": Stands(
        WHO,
        Rows("ages", Shows.COUNTS),
        note="Age, sex, diagnosis and centre.",
        lacks="Other clinical and social characteristics are recorded in part and not printed.",
    ),
    "14b": Missing("Unanswered questions are counted by the audit data-quality, not here."),
    "14c": Missing("Time under observation is not printed by this audit."),
    "15": Stands(Flow()),
    "16a": Stands(Estimates(), note="Unadjusted."),
    "16b": DoesNotApply("No continuous variable is cut into categories."),
    "16c": DoesNotApply("No relative risk is printed."),
    "17": DoesNotApply("This audit makes no other analysis."),
    "18": ForTheAuthors("The discussion is written by the authors."),
    "19": Stands(
        Caveats(), lacks="How large a bias is, and in which direction, is for the authors."
    ),
    "20": ForTheAuthors("The discussion is written by the authors."),
    "21": ForTheAuthors("The discussion is written by the authors."),
    "22": ForTheAuthors("Who paid is not recorded."),
}  # fmt: skip

RECORD_COMMON: Final[Replies] = {
    "1.1": WRITTEN,
    "1.2": WRITTEN,
    "1.3": WRITTEN,
    "6.1": Stands(Rules(), note="Population and rules, with their versions."),
    "6.2": Missing("A comparison of the records with the patients' own files."),
    "6.3": UNLINKED,
    "7.1": Stands(
        Rules(),
        lacks="The closed lists with codes and definitions are in the bundle and not on the page.",
    ),
    "12.1": Stands(
        CentresAndPeriod(),
        note="The records of these centres, as of the day that stands there.",
        lacks="Who had access is for the authors.",
    ),
    "12.2": Missing(
        "Contradictions and open questions are counted by the audit data-quality, not here."
    ),
    "12.3": UNLINKED,
    "13.1": Stands(Flow(), Rules(), lacks=CONSENT),
    "19.1": Stands(Caveats(), lacks="What they mean for the question is for the authors."),
    "22.1": Stands(
        Provenance(),
        note="Versions of protocol and code. The signed bundle holds rows and definitions.",
        lacks="How others get them is for the authors.",
    ),
}


def strobe(own: Replies) -> Replies:
    """The common answers, with those of the protocol in their place."""
    return {**STROBE_COMMON, **own}


def record(own: Replies | None = None) -> Replies:
    return {**RECORD_COMMON, **(own or {})}
