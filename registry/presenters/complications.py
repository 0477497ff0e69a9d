"""A complication in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Complication
from registry.presenters.case_rights import Button
from registry.presenters.labels import in_sentence
from registry.vocabulary import Relatedness, YesNoUnknown


@dataclass(frozen=True)
class ComplicationStory:
    """One complication; `after` names what it followed and how many days it came later."""

    complication: Complication
    what: str
    after: str
    facts: Sequence[str]
    buttons: Sequence[Button]


def present(complication: Complication, *, buttons: Sequence[Button] = ()) -> ComplicationStory:
    return ComplicationStory(
        complication=complication,
        what=complication.code_text or complication.get_code_display(),
        after=_after(complication),
        facts=list(_facts(complication)),
        buttons=buttons,
    )


def _facts(one: Complication) -> Iterable[str]:
    if one.grade:
        yield _("Clavien-Dindo-Sink %s") % one.get_grade_display()
    if one.withdrawal_severity:
        yield _("withdrawal: %s") % in_sentence(one.get_withdrawal_severity_display())
    if one.hospitalisation:
        yield _("hospital care: %s") % in_sentence(one.get_hospitalisation_display())
    for nights, words in (
        (one.hospital_nights, ngettext("%s night", "%s nights", one.hospital_nights or 0)),
        (
            one.icu_nights,
            ngettext(
                "%s of them in intensive care", "%s of them in intensive care", one.icu_nights or 0
            ),
        ),
    ):
        if nights is not None:
            yield words % nights
    if one.needed_surgery == YesNoUnknown.YES.value:
        yield _("needed an operation")
    if one.serious == YesNoUnknown.YES.value:
        yield _("serious adverse event")
    relations = {relation.code for relation in one.relations.all()}
    if relations:
        labels = [in_sentence(code.label) for code in Relatedness if code.code in relations]
        yield _("relation: %s") % ", ".join(labels)
    if one.resolved_on:
        yield _("resolved %s") % one.resolved_on


def _after(one: Complication) -> str:
    event = one.surgery or one.contrast_study
    if event is None:
        return ""
    what = _("the operation") if one.surgery else _("the contrast study")
    days = days_between(event.performed_on, one.occurred_on)
    return _("%(days)s d after %(what)s of %(day)s") % {
        "days": days,
        "what": what,
        "day": event.performed_on,
    }


def days_between(earlier: date, later: date) -> int:
    return (later - earlier).days
