"""Two reads side by side without names, and what was decided between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.audit.read_comparison import Agreement, ReadField
from registry.models import Adjudication, Read, User
from registry.presenters.findings import Badge, of_finding, primary_of
from registry.presenters.labels import in_sentence
from registry.presenters.reads import information
from registry.queries.adjudications import ReadPair
from registry.vocabulary import Certainty, InformationShown

NOTHING: Final = "–"

WORDS: Final = {
    Agreement.AGREE: ("agrees", "agree"),
    Agreement.DIFFER: ("differs", "differ"),
    Agreement.ONE_NOT_ANSWERED: ("unknown", "one only"),
}
"""Class of `.agreement` and the word beside it."""

LABELS: Final = {
    ReadField.ADEQUACY: _("Images"),
    ReadField.PRIMARY_FINDING: _("Primary finding"),
    ReadField.SITES: _("Sites"),
    ReadField.FURTHER_FINDINGS: _("Further findings"),
    ReadField.TIP_LEVEL: _("Level of the tip"),
    ReadField.EXTENT_MM: _("Extent in mm"),
    ReadField.EXTENT_LEVELS: _("Extent in levels"),
    ReadField.CERTAINTY: _("Certainty of a defect"),
}


@dataclass(frozen=True)
class ComparedRow:
    """One answer of both reads; `decides` where it is what the adjudication is about."""

    label: str
    a: str
    b: str
    badge_a: Badge | None
    badge_b: Badge | None
    agreement: str
    words: str
    decides: bool


@dataclass(frozen=True)
class DecisionWords:
    """One signed adjudication."""

    findings: Sequence[Badge]
    facts: Sequence[str]
    reason: str
    correction: str
    superseded: bool
    synthetic: bool
    correct_url: str | None


def rows(pair: ReadPair) -> list[ComparedRow]:
    """Each field that one of the reads answers, in the order of the form."""
    disputed = pair.disputed
    compared = []
    for field, agreement in pair.agreements.items():
        if agreement is Agreement.NEITHER_ANSWERED:
            continue
        kind, words = WORDS[agreement]
        badges = [
            primary_of(read) if field is ReadField.PRIMARY_FINDING else None
            for read in (pair.read_a, pair.read_b)
        ]
        compared.append(
            ComparedRow(
                label=str(LABELS[field]),
                a=_answer(field, pair.read_a),
                b=_answer(field, pair.read_b),
                badge_a=badges[0],
                badge_b=badges[1],
                agreement=kind,
                words=words,
                decides=field in disputed,
            )
        )
    return compared


def seen(pair: ReadPair) -> str:
    """Stands for these two reads in the form, and tells nothing of them."""
    value = f"{pair.read_a.pk} {pair.read_b.pk}"
    return salted_hmac("registry.presenters.adjudications", value).hexdigest()


def room(pair: ReadPair, *, marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the page shows of both reads, by letter.

    Parameters
    ----------
    marks
        Those of A and of B, from `presenters.reading_data.marks_of`.
    """
    both = {
        name: [one for found in marks for one in found[name]]
        for name in ("measurements", "key_images")
    }
    return {
        "rows": rows(pair),
        "unanswered": ", ".join(
            in_sentence(str(LABELS[field]))
            for field, agreement in pair.agreements.items()
            if agreement is Agreement.NEITHER_ANSWERED
        ),
        "remarks": [
            {"letter": letter, "text": read.remarks}
            for letter, read in zip("AB", (pair.read_a, pair.read_b), strict=True)
            if read.remarks
        ],
        "knew": [
            {"letter": letter, "text": information(read.information_shown)}
            for letter, read in zip("AB", (pair.read_a, pair.read_b), strict=True)
            if read.information_shown != [InformationShown.IMAGES_ONLY.value]
        ],
        "marks_of": {"a": marks[0], "b": marks[1], "both": both},
        "mark_choices": [
            {
                "value": value,
                "label": label,
                "count": len(found["measurements"] + found["key_images"]),
            }
            for value, label, found in (
                ("both", gettext("Both"), both),
                ("a", gettext("Read A"), marks[0]),
                ("b", gettext("Read B"), marks[1]),
            )
        ],
    }


def present(decision: Adjudication, *, viewer: User) -> DecisionWords:
    """The decision in words, with a way to correct it where it is the viewer's own latest."""
    superseded = hasattr(decision, "superseded_by")
    own_latest = decision.adjudicator_id == viewer.pk and not superseded
    public_id = decision.contrast_study.public_id
    return DecisionWords(
        findings=[of_finding(finding) for finding in decision.findings.all()],
        facts=[
            gettext("adjudicated %(signed_at)s by %(adjudicator)s")
            % {
                "signed_at": f"{timezone.localtime(decision.signed_at):%Y-%m-%d}",
                "adjudicator": decision.adjudicator.get_username(),
            },
            gettext("images %(adequacy)s")
            % {"adequacy": in_sentence(decision.get_adequacy_display())},
            gettext("between two reads that differed"),
        ],
        reason=decision.reason,
        correction=gettext("Corrects an earlier decision: %(correction_reason)s")
        % {"correction_reason": decision.correction_reason}
        if decision.correction_reason
        else "",
        superseded=superseded,
        synthetic=decision.is_synthetic,
        correct_url=reverse("registry:adjudication-correct", args=[public_id])
        if own_latest
        else None,
    )


def _answer(field: ReadField, read: Read) -> str:
    words = {
        ReadField.ADEQUACY: read.get_adequacy_display(),
        ReadField.PRIMARY_FINDING: getattr(primary_of(read), "label", ""),
        ReadField.SITES: getattr(primary_of(read), "sites", ""),
        ReadField.FURTHER_FINDINGS: _further(read),
        ReadField.TIP_LEVEL: read.get_tip_level_display(),
        ReadField.EXTENT_MM: gettext("%(extent_mm)s mm") % {"extent_mm": read.extent_mm}
        if read.extent_mm
        else "",
        ReadField.EXTENT_LEVELS: _levels(read),
        ReadField.CERTAINTY: _certainty(read),
    }
    return words[field] or NOTHING


def _further(read: Read) -> str:
    further = [of_finding(one).sentence for one in read.findings.all() if not one.is_primary]
    return "; ".join(further) or "none"


def _levels(read: Read) -> str:
    if not read.extent_from_level:
        return ""
    return gettext("%(extent_from_level)s to %(extent_to_level)s") % {
        "extent_from_level": read.get_extent_from_level_display(),
        "extent_to_level": read.get_extent_to_level_display(),
    }


def _certainty(read: Read) -> str:
    return "" if read.certainty is None else Certainty.get(str(read.certainty)).label
