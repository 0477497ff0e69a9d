"""Does one device fail more often than its group? A screen, never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .errors import CountError
from .event_rates import RateEstimate, event_rate, poisson_excess_p
from .follow_up import DAYS_PER_YEAR

RATIO_ABOVE: Final = 2.0
P_BELOW: Final = 0.05
LEAST_PRIMARIES: Final = 10
REVISED_SHARE: Final = 0.75
LEAST_REVISIONS: Final = 2
DOMINANT_SHARE: Final = 0.25

RULE: Final = (
    "AOANJRR stage 1: flagged if revisions per 100 component-years exceed twice those of the "
    "group, and Poisson p < 0.05, and there are at least 10 primaries, or at least 75 % of them "
    "and at least 2 are revised. A device with more than 25 % of the group's primaries is left "
    "out of the group's rate. Stages 2 and 3 are the review and the decision of people."
)


@dataclass(frozen=True, slots=True)
class DeviceExperience:
    """What is known of one device: primaries are its first implantations."""

    primaries: int
    revisions: int
    component_days: float

    def __post_init__(self) -> None:
        if min(self.primaries, self.revisions, self.component_days) < 0:
            raise CountError("counts and time at risk must not be negative")
        if self.revisions > self.primaries:
            raise CountError("first revisions cannot outnumber primaries")


@dataclass(frozen=True, slots=True)
class DeviceSignal:
    """Every input and every condition of the rule; None where one cannot be answered.

    ``left_out`` names the devices whose share of primaries keeps them out of the group's
    rate. ``flagged`` is None if there is no group left to compare with: that is no all-clear.
    """

    device: str
    rate: RateEstimate
    group_rate: RateEstimate
    left_out: tuple[str, ...]
    primaries: int
    group_primaries: int
    expected: float | None
    ratio: float | None
    p_value: float | None
    ratio_exceeded: bool | None
    p_small: bool | None
    enough_primaries: bool
    mostly_revised: bool
    flagged: bool | None
    rule: str = RULE


def device_signal(
    device: str, experience: Mapping[str, DeviceExperience], *, window: str | None = None
) -> DeviceSignal:
    """Apply the first, automatic stage of the AOANJRR outlier rule.

    Parameters
    ----------
    device
        Key of the device in question.
    experience
        Every device of the group by its key, that one included. Whoever chooses the group
        chooses the answer, so the report must name it.

    Notes
    -----
    The group's rate takes all devices but the dominant ones, and so also the device in
    question unless it is dominant itself. The p value is one-sided: so many revisions or more,
    were the group's rate the device's. The group's own uncertainty is not in it.

    References
    ----------
    Australian Orthopaedic Association National Joint Replacement Registry, prosthesis
    performance, three-stage process (domain reference, section 6.2).
    """
    own = experience[device]
    all_primaries = sum(one.primaries for one in experience.values())
    left_out = tuple(
        sorted(
            key for key, one in experience.items() if one.primaries > DOMINANT_SHARE * all_primaries
        )
    )
    group = [one for key, one in experience.items() if key not in left_out]
    return signal_against(
        device,
        own,
        DeviceExperience(
            primaries=sum(one.primaries for one in group),
            revisions=sum(one.revisions for one in group),
            component_days=sum(one.component_days for one in group),
        ),
        left_out=left_out,
        window=window,
    )


def signal_against(
    device: str,
    own: DeviceExperience,
    group: DeviceExperience,
    *,
    left_out: tuple[str, ...] = (),
    window: str | None = None,
) -> DeviceSignal:
    """The rule, given the group as one sum, as a published comparator is."""
    rate = event_rate(own.revisions, own.component_days, window=window)
    group_rate = event_rate(group.revisions, group.component_days, window=window)
    expected = ratio = p_value = None
    if group_rate.value is not None and rate.value is not None:
        expected = group_rate.value / 100 * own.component_days / DAYS_PER_YEAR
        ratio = rate.value / group_rate.value if group_rate.value > 0 else None
        p_value = poisson_excess_p(own.revisions, expected)
    ratio_exceeded = (
        None
        if rate.value is None or group_rate.value is None
        else rate.value > RATIO_ABOVE * group_rate.value
    )
    p_small = None if p_value is None else p_value < P_BELOW
    enough = own.primaries >= LEAST_PRIMARIES
    mostly_revised = (
        own.revisions >= LEAST_REVISIONS and own.revisions >= REVISED_SHARE * own.primaries
    )
    flagged = (
        None
        if ratio_exceeded is None or p_small is None
        else ratio_exceeded and p_small and (enough or mostly_revised)
    )
    return DeviceSignal(
        device=device,
        rate=rate,
        group_rate=group_rate,
        left_out=left_out,
        primaries=own.primaries,
        group_primaries=group.primaries,
        expected=expected,
        ratio=ratio,
        p_value=p_value,
        ratio_exceeded=ratio_exceeded,
        p_small=p_small,
        enough_primaries=enough,
        mostly_revised=mostly_revised,
        flagged=flagged,
    )
