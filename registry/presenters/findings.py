"""Findings of imaging as colour, glyph and word, and where they lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.models import AdjudicatedFinding, Adjudication, ContrastStudy, ImagingFinding, Read
from registry.presenters.labels import in_sentence
from registry.vocabulary import ImagingFindingCode, ImagingSite, StudyOutcomeCode


@dataclass(frozen=True)
class Badge:
    """What the template draws; the glyph carries its colour."""

    code: str
    glyph: str
    label: str
    colour: str
    sites: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.label}: {self.sites}" if self.sites else self.label


def of_finding(finding: ImagingFinding | AdjudicatedFinding) -> Badge:
    """One finding with its sites, of a read or of an adjudication."""
    term = ImagingFindingCode.get(finding.code)
    return Badge(
        code=term.code,
        glyph=term.glyph,
        label=term.label,
        colour=term.colour,
        sites=_site_words(site.code for site in finding.sites.all()),
    )


def of_outcome(study: ContrastStudy) -> Badge | None:
    """A stopped study shows its outcome; a completed one shows its reads."""
    term = StudyOutcomeCode.get(study.outcome)
    if not term.glyph:
        return None
    return Badge(code=term.code, glyph=term.glyph, label=term.label, colour=term.colour or "")


def primary_of(signed: Read | Adjudication) -> Badge | None:
    """The primary finding of one read or adjudication."""
    return next((of_finding(one) for one in signed.findings.all() if one.is_primary), None)


def of_study(
    study: ContrastStudy, reads: Iterable[Read], decisions: Iterable[Adjudication] = ()
) -> Badge | None:
    """What a study showed as far as that is visible; None while nothing is known of it.

    Chosen as the audit chooses: an adjudication before the read signed first, nothing that was
    corrected, and no second look.
    """
    if outcome := of_outcome(study):
        return outcome
    first = [read for read in reads if read.masked_reread_id is None]
    signed: list[Read | Adjudication] = [*decisions, *first]
    standing = [one for one in signed if not hasattr(one, "superseded_by")]
    return primary_of(standing[0]) if standing else None


def _site_words(codes: Iterable[str]) -> str:
    # The order of the list, not of the boxes that were ticked.
    chosen = set(codes)
    labels = [site.label for site in ImagingSite if site.code in chosen]
    return ", ".join(in_sentence(label) for label in labels)
