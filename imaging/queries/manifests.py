"""How the images of a study were de-identified."""

from dataclasses import dataclass

from django.db.models import Count, Min

from imaging.models import DeidentificationManifest, Instance, Study
from imaging.queries.viewer import VIEW_STUDY, Viewer


@dataclass(frozen=True)
class Treatment:
    """One way images of a study were treated; `manifest` is None before manifests were kept."""

    manifest: DeidentificationManifest | None
    images: int
    example: Instance


def treatments(*, viewer: Viewer, study: Study) -> list[Treatment]:
    """The manifests of a study, the one of the most images first, each with one of its images."""
    rows = (
        Instance.objects.filter(
            series__study=study, series__study__centre_code__in=viewer.centre_codes(VIEW_STUDY)
        )
        .order_by()
        .values("manifest")
        .annotate(images=Count("id"), example=Min("id"))
        .order_by("-images", "manifest")
    )
    groups = list(rows)
    manifests = DeidentificationManifest.objects.in_bulk(
        [group["manifest"] for group in groups if group["manifest"] is not None]
    )
    examples = Instance.objects.in_bulk([group["example"] for group in groups])
    return [
        Treatment(
            manifest=manifests.get(group["manifest"]),
            images=group["images"],
            example=examples[group["example"]],
        )
        for group in groups
    ]


def not_displayable(*, viewer: Viewer, study: Study) -> dict[int, list[tuple[str, int]]]:
    """Why images of a study cannot be shown, with how many of them, by series."""
    rows = (
        Instance.objects.filter(
            series__study=study, series__study__centre_code__in=viewer.centre_codes(VIEW_STUDY)
        )
        .exclude(not_displayable="")
        .order_by()
        .values("series_id", "not_displayable")
        .annotate(images=Count("id"))
        .order_by("series_id", "-images")
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(row["series_id"], []).append((row["not_displayable"], row["images"]))
    return found
