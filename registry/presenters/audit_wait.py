"""How far a long audit is, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from registry.queries.audit_work import Progress, Stage

STAGES = (Stage.WAITS, Stage.READS, Stage.COUNTS)


@dataclass(frozen=True)
class WaitWords:
    """What the page says while somebody waits.

    Attributes
    ----------
    step, steps
        Which of how many steps is under way; 0 before the first.
    said
        Why there will be no answer, in the audit's own words.
    broke_off
        Whether the process has ended without an answer and without a word.
    """

    title: str
    seconds: int
    step: int
    steps: int
    said: str = ""
    broke_off: bool = False


def words(progress: Progress | None, *, now: datetime) -> WaitWords:
    titles = {
        Stage.WAITS: _("Waiting for its turn"),
        Stage.READS: _("Reading the facts of all patients"),
        Stage.COUNTS: _("Counting"),
    }
    if progress is None:
        return WaitWords(titles[Stage.WAITS], 0, 0, len(STAGES))
    seconds = max(0, round((now - progress.begun_at).total_seconds()))
    if progress.stage is Stage.REFUSED:
        title = _("This cannot be counted")
        return WaitWords(title, seconds, 0, len(STAGES), said=progress.said)
    if not progress.goes_on:
        return WaitWords(_("The count broke off"), seconds, 0, len(STAGES), broke_off=True)
    step = STAGES.index(progress.stage)
    return WaitWords(titles[progress.stage], seconds, step, len(STAGES))


def ended() -> WaitWords:
    """The page is on its way."""
    return WaitWords(_("Counting"), 0, len(STAGES), len(STAGES))
