"""Imports of retrospective cases, where the viewer may log cases."""

from django.db.models import Count, QuerySet

from registry.models import CaseImport, Centre, Patient, User
from registry.queries import patients


def visible(*, viewer: User) -> QuerySet[CaseImport]:
    """The imports of the centres where the viewer logs cases, the latest first."""
    return CaseImport.objects.filter(
        centre__code__in=viewer.centre_codes("registry.log_case")
    ).select_related("centre", "sent_by", "imported_by", "undone_by")


def without_content(*, viewer: User) -> QuerySet[CaseImport]:
    """The same for a list: the files stay where they are."""
    return visible(viewer=viewer).defer("content", "mapping")


def latest_mapping(*, viewer: User, centre: Centre) -> str:
    """The mapping that was used last in the centre; "" where there is none."""
    mappings = visible(viewer=viewer).filter(centre=centre).order_by("-sent_at", "-pk")
    return str(mappings.values_list("mapping", flat=True).first() or "")


def written(*, viewer: User, case_import: CaseImport) -> list[tuple[str, bool, int]]:
    """Key of a table, whether its records were there before, and how many were written."""
    here = case_import.records.filter(case_import__in=visible(viewer=viewer)).order_by()
    return sorted(here.values_list("table", "was_there").annotate(Count("pk")))


def patients_of(*, viewer: User, case_import: CaseImport) -> QuerySet[Patient]:
    """Patients whom the import made or changed, or for whom it logged a case, by number."""
    seen = patients.visible(viewer=viewer)
    themselves = case_import.records.filter(table="patient").values("record_id")
    cases = case_import.records.filter(table="case").values("record_id")
    wanted = seen.filter(public_id__in=themselves) | seen.filter(cases__public_id__in=cases)
    return wanted.distinct().order_by("pk")
