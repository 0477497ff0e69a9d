"""What a read or a decision finds: findings with their sites, the primary one first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import models

from registry.actions.records import Children, store


@dataclass(frozen=True)
class FindingEntry:
    """A code of `ImagingFindingCode` and codes of `ImagingSite`; the first entry is primary."""

    code: str
    sites: tuple[str, ...] = ()


def store_findings(
    entries: Sequence[FindingEntry],
    *,
    finding: Callable[..., models.Model],
    site: Callable[..., models.Model],
) -> Children:
    """Write the findings of a read or a decision that is not signed yet.

    Parameters
    ----------
    finding, site
        Make a row; that of a finding knows what it belongs to.

    Returns
    -------
    The rows as the history shows them.

    Raises
    ------
    InvalidRecordError
        A code is unknown or comes twice.
    """
    rows = []
    for position, entry in enumerate(entries):
        row = finding(code=entry.code, is_primary=position == 0)
        store(row)
        sites = sorted(set(entry.sites))
        for code in sites:
            store(site(finding=row, code=code))
        rows.append({"code": entry.code, "sites": sites})
    return {"findings": rows}
