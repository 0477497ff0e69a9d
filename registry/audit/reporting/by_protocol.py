"""Which checklists each audit protocol is reported by, and where its own answers stand."""

from typing import Final

from .answers import DoesNotApply, ForTheAuthors, Missing, Reply, Stands
from .checklist import Checklist
from .printed import (
    Caveat,
    Estimates,
    Flow,
    Methods,
    Place,
    Rows,
    Rule,
    Rules,
    Said,
    Shows,
)
from .record import RECORD
from .stard import STARD
from .stard_answers import CT_ACCURACY as STARD_OF_CT_ACCURACY
from .strobe import STROBE
from .strobe_answers import WHO, Replies, record, strobe

Reporting = tuple[tuple[Checklist, Replies], ...]
"""Checklists in the order in which they are shown, each with a reply to every item."""

COUNTS, WORDS, ANY_FIGURE = Shows.COUNTS, Shows.WORDS, Shows.ANY_FIGURE
UNADJUSTED: Final = "Each interval names its method; nothing is adjusted for confounding."


def _observational(own: dict[str, Reply], in_routine: dict[str, Reply] | None = None) -> Reporting:
    return (STROBE, strobe(own)), (RECORD, record(in_routine))


CT_ACCURACY: Final[Reporting] = ((STARD, STARD_OF_CT_ACCURACY),)

ABOUSAMRA: Final = _observational(
    {
        "7": Stands(
            Rules(), Caveat("Abnormal means"), lacks="No confounder or effect modifier is defined."
        ),
        "12c": Stands(Caveat("stays in the denominator"), Rows("data_notes", WORDS)),
        "12d": Missing("Studies whose window for an operation was not over at the cut-off."),
        "14b": Stands(
            WHO,
            Flow(),
            Rows("data_notes", WORDS),
            lacks="Unanswered questions are counted by the audit data-quality.",
        ),
        "15": Stands(Flow(), Rows("findings", COUNTS), Rows("verification", COUNTS)),
        "17": Stands(Rows("leak_sites", COUNTS), Rows("comparators", COUNTS)),
    }
)

DEVICE_SURVIVAL: Final = _observational(
    {
        "6a": Stands(Rules(), Rule("entry"), Rows("centre_logs", WORDS)),
        "7": Stands(
            Rule("entry"),
            Rule("endpoint"),
            lacks="Covariates of the regression are named in its table; further confounders are "
            "not defined.",
        ),
        "9": Stands(
            Rule("entry"),
            Rows("centre_logs", WORDS),
            note="Delayed entry where a log began late.",
            lacks="Further efforts are for the authors.",
        ),
        "11": Stands(
            Rows("free_of_revision", WORDS),
            Rows("at_risk", WORDS),
            note="Time in days, printed at whole years.",
            lacks="Why years of implantation are grouped as they are is not printed.",
        ),
        "12a": Stands(
            Methods(),
            Rows("incidence", WORDS),
            Rows("comparisons", ANY_FIGURE),
            Rows("cox", ANY_FIGURE),
            note="Each table names its method; only the regression adjusts.",
        ),
        "12b": Stands(
            Rows("comparisons", ANY_FIGURE), lacks="No interaction is examined."
        ),
        "12c": Stands(
            Said(Place.PLAIN_WORDS),
            note="A component nobody reported as removed counts as in place.",
            lacks="Nothing is imputed, and how many ends are not logged is not known.",
        ),
        "12d": Stands(Rule("entry"), note="Watching ends with death, loss or transfer."),
        "14c": Stands(Rows("rates", COUNTS), Rows("at_risk", COUNTS, ("year_0",))),
        "15": Stands(Flow(), Rows("rates"), Rows("incidence")),
        "16a": Stands(
            Estimates(),
            Rows("free_of_revision"),
            Rows("free_of_failure"),
            Rows("cox"),
            note="Curves are unadjusted; ratios of the regression are adjusted for each other.",
            lacks="Why these covariates were chosen is for the authors.",
        ),
        "16b": Stands(
            Rows("rates", WORDS), note="Years of implantation, in the names of the rows."
        ),
        "16c": Stands(Rows("free_of_revision"), Rows("incidence")),
        "17": Stands(Rows("repeated"), Rows("signals", WORDS)),
    }
)  # fmt: skip

COMPLICATIONS: Final = _observational(
    {
        "7": Stands(
            Rule("operations"),
            Rule("attribution"),
            Rule("event"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "11": Stands(Rule("attribution"), note="Days after an operation, cut into early and late."),
        "12a": Stands(Methods(), Rows("rates", WORDS), note=UNADJUSTED),
        "12c": Stands(
            Caveat("Only what was logged"),
            Rows("complication_notes", WORDS),
            note="What nobody recorded counts as none.",
        ),
        "12d": Stands(Rule("time-at-risk")),
        "14b": Stands(
            WHO,
            Rows("complication_notes", WORDS),
            lacks="Unanswered questions are counted by the audit data-quality.",
        ),
        "14c": Stands(Rows("rates", COUNTS)),
        "15": Stands(Flow(), Rows("kinds", COUNTS), Rows("infections", COUNTS)),
        "16a": Stands(Estimates(), Rows("rates"), note="Unadjusted."),
        "16b": Stands(Rule("attribution")),
        "17": Stands(Rows("grades", COUNTS), Rows("comparators", COUNTS)),
    }
)

READER_AGREEMENT: Final = _observational(
    {
        "4": Stands(
            Rules(),
            lacks="STROBE was made for cohorts. Studies of agreement have a list of their own, "
            "GRRAS, which is not filled here.",
        ),
        "7": Stands(Rule("looks"), lacks="No confounder or effect modifier is defined."),
        "10": Stands(
            Rule("looks"),
            note="All studies that were read more than once count; no size was planned here.",
        ),
        "12a": Stands(
            Methods(), Rows("between", WORDS), Rows("within", WORDS), note=UNADJUSTED
        ),
        "12b": Stands(
            Rows("reader_pairs", WORDS),
            note="Pairs of readers are the groups.",
            lacks="No interaction is examined.",
        ),
        "12c": Stands(Flow(), Rule("looks"), note="Studies read once are a box of their own."),
        "14a": Missing(
            "It counts looks at studies, and compares readers. Who the patients are is neither "
            "asked for nor kept with its reports; other audits with the same filters print it."
        ),
        "14b": Stands(Flow(), lacks="Answers left open within a read are not counted."),
        "14c": DoesNotApply("Nobody is followed over time in this audit."),
        "15": Stands(Flow(), Rows("matrix_between", COUNTS), Rows("matrix_within", COUNTS)),
        "16a": Stands(Estimates(), Rows("between"), Rows("within"), note="Unadjusted."),
        "17": Stands(Rows("reader_pairs")),
    }
)  # fmt: skip

TIME_TO_TREATMENT: Final = _observational(
    {
        "7": Stands(
            Rule("path"),
            Rule("restored"),
            Rule("ended"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "11": Stands(Rows("times", WORDS), Rows("by_day", WORDS), note="Days, as quartiles."),
        "12a": Stands(Methods(), Rows("by_day", WORDS), note=UNADJUSTED),
        "12c": Stands(Rows("case_notes", WORDS)),
        "12d": Stands(Rule("ended"), Caveat("Curves count those who still wait")),
        "14b": Stands(
            WHO,
            Rows("case_notes", WORDS),
            lacks="Unanswered questions are counted by the audit data-quality.",
        ),
        "14c": Stands(Rows("times", COUNTS), lacks="The sum of all days is not printed."),
        "15": Stands(Flow(), Rows("times", COUNTS), Rows("paths", COUNTS)),
        "16a": Stands(Estimates(), Rows("by_day"), note="Unadjusted."),
        "16b": Stands(Rows("by_day", WORDS), note="The days by which somebody had got there."),
        "17": Stands(Rows("longest_waits", WORDS)),
    }
)

FUNNELS: Final = tuple(
    f"funnel_{key}" for key in ("inconclusive", "not_verified", "no_cause", "not_resolved")
)
COURSES: Final = tuple(key.replace("funnel", "course") for key in FUNNELS)

CENTRE_COMPARISON: Final = _observational(
    {
        "7": Stands(
            Rule("reference"),
            Rule("mature"),
            Rule("after-operation"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "12a": Stands(Methods(), Rule("funnel"), Rule("course"), note=UNADJUSTED),
        "12b": Stands(Rule("funnel"), note="Centres are the groups."),
        "12c": Stands(
            Flow(), note="Events without a result are boxes of their own."
        ),
        "12d": Stands(
            Rule("mature"),
            Rule("after-operation"),
            lacks="Operations without a later review are not compared with those that have one.",
        ),
        "14b": Stands(
            Flow(), WHO, lacks="Unanswered questions are counted by the audit data-quality."
        ),
        "16a": Stands(Estimates(), *(Rows(key) for key in FUNNELS), note="Unadjusted."),
        "17": Stands(*(Rows(key, WORDS) for key in COURSES)),
    }
)  # fmt: skip

FORD: Final = _observational(
    {
        "7": Stands(
            Rule("response"),
            Rule("implant"),
            Rule("satisfied"),
            Rule("function"),
            Rule("hospital"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "11": Stands(Rule("function"), Rows("dystonia_change", WORDS)),
        "12a": Stands(Methods(), Rows("dystonia_change", WORDS), note=UNADJUSTED),
        "12c": Stands(
            Caveat("nobody recorded counts as none"), Rule("satisfied"), Rule("function")
        ),
        "12d": Stands(Flow(), Rule("satisfied"), note="Who was not asked is a box of its own."),
        "14b": Stands(
            Flow(), WHO, lacks="Unanswered questions are counted by the audit data-quality."
        ),
        "14c": Stands(Rows("follow_up"), lacks="The total is not printed."),
        "15": Stands(Flow(), Rows("dystonia_change", COUNTS)),
        "16b": Stands(Rule("function"), note="How much better counts as improved."),
        "17": Stands(Rows("comparators", COUNTS)),
    }
)

DOSE_TITRATION: Final = _observational(
    {
        "7": Stands(
            Rule("dose"),
            Rule("lowest"),
            Rule("stable"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "11": Stands(Rule("lowest"), Rule("stable"), Rows("dose_over_time", WORDS)),
        "12a": Stands(Methods(), Rows("scores", WORDS), note=UNADJUSTED),
        "12c": Stands(Flow(), Rules(), note="Who was not graded is a box of its own."),
        "12d": Stands(
            Caveat("Months after implantation count other patients each"),
            lacks="Who left is not compared with who stayed.",
        ),
        "14b": Stands(
            Flow(), WHO, lacks="Unanswered questions are counted by the audit data-quality."
        ),
        "14c": Stands(
            Rows("dose_over_time", COUNTS),
            note="Patients by month since implantation.",
            lacks="Average and total are not printed.",
        ),
        "15": Stands(Flow(), Rows("dose_over_time", COUNTS), Rows("scores", COUNTS)),
        "16a": Stands(Estimates(), Rows("scores", COUNTS), note="Unadjusted."),
        "16b": Stands(Rule("lowest"), Rule("stable")),
        "17": Stands(Rows("pain_course", COUNTS), Rows("stability", COUNTS)),
    }
)

MCCORMICK: Final = _observational(
    {
        "6a": Stands(Rules(), Rule("eligible")),
        "6b": Stands(Rule("matching"), Flow(), Rows("balance", WORDS)),
        "7": Stands(
            Rule("eligible"),
            Rows("balance", WORDS),
            lacks="Further confounders and effect modifiers are not defined.",
        ),
        "9": Stands(
            Rule("matching"),
            Rows("balance", WORDS),
            note="Matching on age, sex and diagnosis.",
            lacks="Further efforts are for the authors.",
        ),
        "10": Stands(
            Rule("eligible"),
            Rule("matching"),
            note="All pairs that can be made count; no size was planned here.",
        ),
        "11": Stands(Rule("matching"), Rows("outcomes", WORDS)),
        "12a": Stands(
            Methods(),
            Rule("matching"),
            Rows("outcomes", WORDS),
            note="Confounding is met by matching alone.",
        ),
        "12c": Stands(
            Rule("eligible"), Rows("outcomes", WORDS), note="Only pairs that have a score count."
        ),
        "12d": Missing("Patients in a pair without a dose two years before are not told apart."),
        "14a": Stands(
            Rows("balance"),
            WHO,
            lacks="No characteristics but age, sex, diagnosis and centre are printed.",
        ),
        "14b": Stands(
            Rows("outcomes", COUNTS),
            note="How many pairs have each score.",
            lacks="Unanswered questions are counted by the audit data-quality.",
        ),
        "14c": Stands(
            Rows("stability", COUNTS),
            note="Patients whose dose is compared over two years.",
            lacks="Average and total are not printed.",
        ),
        "15": Stands(Rows("outcomes", COUNTS)),
        "16a": Stands(
            Estimates(), Rows("outcomes"), lacks="Differences have a p and no interval."
        ),
        "17": Stands(Rows("stability", COUNTS), Rows("comparators", COUNTS)),
    }
)  # fmt: skip

DATA_QUALITY: Final = _observational(
    {
        "7": Stands(
            Rule("asked"),
            Rule("answer"),
            Rule("query"),
            lacks="No confounder or effect modifier is defined.",
        ),
        "11": Stands(Rows("queries", WORDS), note="Age of open queries, in days."),
        "12a": Stands(Methods(), Rows("in_all", WORDS), note=UNADJUSTED),
        "12b": Stands(Rows("completeness_by_centre", WORDS), lacks="No interaction is examined."),
        "12c": Stands(Rule("answer"), note="Unknown and unanswered are told apart."),
        "14b": Stands(
            WHO,
            Rows("completeness", COUNTS),
            lacks="Beyond year of birth, sex and diagnosis it counts records, not participants.",
        ),
        "14c": DoesNotApply("Nobody is followed over time in this audit."),
        "15": Stands(Flow(), Rows("queries", WORDS), Rows("contradictions", WORDS)),
        "16b": Stands(Rows("queries", WORDS), note="Bands of age, in the names of the columns."),
        "17": Stands(Rows("centres", COUNTS), Rows("queries_by_centre", WORDS)),
    },
    {
        "1.3": ForTheAuthors("That theatre lists were linked, if any were, belongs in the title."),
        "6.3": Stands(Rows("theatre_lines", COUNTS), lacks="It is a table, no diagram."),
        "12.2": Stands(Rule("query"), Rows("queries", WORDS), Rows("contradictions", WORDS)),
        "12.3": Stands(
            Rule("theatre"),
            Rows("theatre_lists", WORDS),
            Rows("ascertainment", COUNTS),
            lacks="How well patients were recognised by their numbers is not known.",
        ),
    },
)
