"""Findings of imaging as colour, glyph and word, and where they lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.models import AdjudicatedFinding, ContrastStudy, ImagingFinding, Read
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


def of_reads(reads: Iterable[Read]) -> Badge | None:
    """The primary finding of the latest read that no other supersedes."""
    for read in reversed(list(reads)):
        if hasattr(read, "superseded_by"):
            continue
        for finding in read.findings.all():
            if finding.is_primary:
                return of_finding(finding)
    return None


def of_study(study: ContrastStudy, reads: Iterable[Read]) -> Badge | None:
    """What a study showed as far as the reads are visible; None while nothing is known of it."""
    return of_outcome(study) or of_reads(reads)


def _site_words(codes: Iterable[str]) -> str:
    # The order of the list, not of the boxes that were ticked.
    chosen = set(codes)
    labels = [site.label for site in ImagingSite if site.code in chosen]
    return ", ".join(in_sentence(label) for label in labels)
