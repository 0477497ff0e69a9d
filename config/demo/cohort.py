"""The whole cohort, planned: 240 patients at one centre and 55 at the other."""

from collections import Counter
from random import Random
from typing import Final

from config.demo import chance as draws
from config.demo import devices, persons, studied, unstudied
from config.demo.further import with_further_episodes
from config.demo.people import DEMO, OTHER
from config.demo.plan import EpisodePlan, PatientPlan
from config.demo.studied import STUDIED, Studied
from config.demo.unstudied import CASES, Unstudied
from registry.vocabulary import ComponentKind

PATIENTS: Final = {DEMO: 240, OTHER: 55}
"""295 in the abstract; how they divide is made up."""

SEGMENTS: Final = (ComponentKind.PUMP_SEGMENT, ComponentKind.SPINAL_SEGMENT)
"""What is logged of a catheter that was never in question; its connector is not."""

Story = Studied | Unstudied


def plan_cohort() -> tuple[PatientPlan, ...]:
    """Every patient in the order of their numbers; equal in every call."""
    chance = draws.source()
    stories = _stories(chance)
    plans = tuple(
        _patient(chance, story, centre_code=code, number=number)
        for code in PATIENTS
        for number, story in enumerate(stories[code], start=1)
    )
    return tuple(with_further_episodes(plans))


def _stories(chance: Random) -> dict[str, list[Story]]:
    """Who is what, shuffled so that a number tells nothing."""
    stories: dict[str, list[Story]] = {code: [] for code in PATIENTS}
    for one in STUDIED:
        stories[one.centre_code].append(one)
    for story, count in CASES.items():
        for code, share in _divided(count).items():
            stories[code] += [story] * share
    for code, patients in PATIENTS.items():
        stories[code] += [Unstudied.NO_CASE] * (patients - len(stories[code]))
        chance.shuffle(stories[code])
    return stories


def _divided(count: int) -> Counter[str]:
    """As the patients divide between the centres; the smaller centre gets at least one."""
    there = max(1, round(count * PATIENTS[OTHER] / sum(PATIENTS.values())))
    return Counter({DEMO: count - there, OTHER: there})


def _patient(chance: Random, story: Story, *, centre_code: str, number: int) -> PatientPlan:
    tip_level, entry_level = persons.levels(chance)
    episode: EpisodePlan | None
    if isinstance(story, Studied):
        if story.image is not None:
            tip_level, entry_level = studied.PHANTOM_TIP, studied.PHANTOM_ENTRY
        study_on = studied.study_day(chance)
        implanted_on = studied.implanted_before(chance, story, study_on=study_on)
        episode = studied.episode(
            chance, story, study_on=study_on, tip_level=tip_level, entry_level=entry_level
        )
    else:
        implanted_on = unstudied.implanted_on(chance, story)
        episode = unstudied.episode(chance, story, implanted_on=implanted_on)
    born_on, fields = persons.person(chance, first_implant_on=implanted_on)
    return PatientPlan(
        centre_code=centre_code,
        local_number=f"{centre_code}-{number:04d}",
        name=f"Synthetic {centre_code.title()} {number:03d}",
        birth_date=born_on,
        fields=fields,
        components=(
            devices.pump(chance, implanted_on=implanted_on),
            *devices.catheter(
                chance,
                implanted_on=implanted_on,
                tip_level=tip_level,
                entry_level=entry_level,
                kinds=devices.CATHETER if isinstance(story, Studied) else SEGMENTS,
            ),
        ),
        episode=episode,
    )
