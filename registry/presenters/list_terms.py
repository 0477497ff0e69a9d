"""The words of working lists and of what can be searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.queries.contradictions import SENTENCES
from registry.queries.list_rules import FINDING, MISSING, Term
from registry.queries.mandatory_answers import QUESTIONS
from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    ClosedList,
    ComponentKind,
    ConsentStatus,
    DeviceModel,
    ImagingFindingCode,
    IntraoperativeFindingCode,
    ReviewTime,
    RevisionIndication,
    StudyOutcomeCode,
)

Words = str | Promise


@dataclass(frozen=True)
class ListWords:
    """A working list. `ahead_days` lists what falls due that soon, too."""

    key: str
    term: str
    title: Words
    explained: Words
    nothing: Words
    newest_first: bool = False
    ahead_days: int = 0


LISTS: Final = {
    one.key: one
    for one in (
        ListWords(
            "studies-without-read",
            Term.NO_READ.value,
            _("Contrast studies without a read"),
            _("Completed, and nobody has signed a read."),
            _("Every completed contrast study has a signed read."),
        ),
        ListWords(
            "reads-without-images",
            Term.READ_WITHOUT_IMAGES.value,
            _("Reads without images"),
            _("A read is signed, but no images are linked to the study."),
            _("Every study that was read has its images linked."),
        ),
        ListWords(
            "operations-without-ct",
            Term.OPERATION_WITHOUT_CT.value,
            _("Operations without a contrast study"),
            _("A suspected malfunction was operated on, and no contrast study is logged."),
            _("Every suspected malfunction that was operated on has a contrast study."),
        ),
        ListWords(
            "studies-without-outcome",
            Term.CT_WITHOUT_OUTCOME.value,
            _("Contrast studies without outcome after six weeks"),
            _("The case of the study is still open."),
            _("Every contrast study older than six weeks has an outcome."),
        ),
        ListWords(
            "cases-without-outcome",
            Term.CASE_WITHOUT_OUTCOME.value,
            _("Cases without outcome after six weeks"),
            _("Opened six weeks ago or earlier, and not closed."),
            _("No open case is older than six weeks."),
        ),
        ListWords(
            "reviews-due",
            Term.REVIEW_DUE.value,
            _("Overdue reviews"),
            _("Six weeks, three and twelve months after an operation [proposal]."),
            _("No review is overdue."),
        ),
        ListWords(
            "replacements-due",
            Term.REPLACEMENT_DUE.value,
            _("Due replacements"),
            _("Pumps in place, half a year before the end of their service life or later; listed "
              "from half a year ahead."),
            _("No pump is due for replacement in the next half year."),
            ahead_days=183,
        ),
        ListWords(
            "contradictions",
            Term.CONTRADICTION.value,
            _("Contradictory data"),
            _("Two answers that cannot both be true [own]. Nothing was changed."),
            _("No two answers contradict each other."),
            newest_first=True,
        ),
        ListWords(
            "duplicates",
            Term.DUPLICATE.value,
            _("Possible duplicates"),
            _("Two numbers that may be one person [own]: compare them, then merge or part them."),
            _("No two numbers look like one person."),
            newest_first=True,
        ),
        ListWords(
            "consent-open",
            Term.CONSENT_OPEN.value,
            _("Consent not settled"),
            _("Consent to be in the registry was not asked for, is unknown or not recorded."),
            _("Consent is settled for every patient."),
            newest_first=True,
        ),
        ListWords(
            "opted-out",
            Term.OPTED_OUT.value,
            _("Opted out"),
            _("Consent was declined or withdrawn."),
            _("Nobody has declined or withdrawn consent."),
            newest_first=True,
        ),
    )
}  # fmt: skip
"""By the key in the address."""


def _not_answered(question: str) -> str:
    return gettext("Not answered: %(question)s") % {"question": gettext(question)}


def _asked_of(records: str) -> str:
    return gettext("Asked of %(records)s [proposal].") % {"records": gettext(records)}


MISSING_LISTS: Final = {
    f"missing-{question.replace('_', '-')}": ListWords(
        f"missing-{question.replace('_', '-')}",
        f"{MISSING}:{question}",
        lazy(_not_answered, str)(words.label),
        lazy(_asked_of, str)(words.of),
        _("Answered wherever it is asked."),
        newest_first=True,
    )
    for question, words in QUESTIONS.items()
}

DUPLICATE_REASONS: Final = {
    "same_serial": _("the same serial or lot number"),
    "same_day": _("the same sex, year of birth and day of a contrast study or operation"),
}

_CODED: Final[dict[str, tuple[Words, type[ClosedList]]]] = {
    FINDING: (_("CT finding"), ImagingFindingCode),
    "study_outcome": (_("Contrast study"), StudyOutcomeCode),
    "found": (_("Found at operation"), IntraoperativeFindingCode),
    "indication": (_("Indication"), RevisionIndication),
    "trigger": (_("Case opened for"), CaseTrigger),
    "outcome": (_("Outcome"), CaseOutcome),
    "model": (_("Device"), DeviceModel),
    "component": (_("Component"), ComponentKind),
}
_PLAIN: Final[dict[str, Words]] = {
    "case": _("Any case"),
    "study": _("Any contrast study"),
    "surgery": _("Any operation"),
}
_EVENTS: Final[dict[str, Words]] = {
    "case": _("case opened"),
    "study": _("contrast study"),
    "surgery": _("operation"),
}


def search_choices() -> list[tuple[Words, Sequence[tuple[str, Words]]]]:
    """What can be searched for, under headings."""
    return [
        (_("Events"), list(_PLAIN.items())),
        *(
            (heading, [(f"{kind}:{term.code}", _(term.term.label)) for term in closed_list])
            for kind, (heading, closed_list) in _CODED.items()
        ),
    ]


def words_of(term: str, detail: str) -> Words:
    """What a line is about, in words."""
    if term == Term.CONTRADICTION.value:
        return gettext(SENTENCES.get(detail, detail))
    if term == Term.DUPLICATE.value:
        return DUPLICATE_REASONS.get(detail, detail)
    if term == Term.REVIEW_DUE.value:
        return ReviewTime.get(detail).label
    if term in (Term.OPTED_OUT.value, Term.CONSENT_OPEN.value):
        return ConsentStatus.get(detail).label if detail else _("not recorded")
    kind, _colon, code = term.partition(":")
    if kind in _CODED:
        heading, closed_list = _CODED[kind]
        return f"{heading}: {closed_list.get(code).label}"
    return _EVENTS.get(term, "")
