"""Reads a viewer may see. A reader sees no other read of a study before signing their own."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from registry.models import ContrastStudy, MaskedReread, Read, User
from registry.queries.contrast_studies import earlier_series
from registry.vocabulary import InformationShown


def visible(*, viewer: User) -> QuerySet[Read]:
    """Signed reads, less those that would unblind the viewer.

    Where the viewer may read studies, a read of somebody else appears only once the viewer has
    signed a read of the same study, or when it was abstracted from a report by the viewer.
    """
    view_codes = viewer.centre_codes("registry.view_patient")
    read_codes = viewer.centre_codes("registry.read_study")
    own_signed = Read.objects.filter(reader=viewer, signed_at__isnull=False)
    return (
        Read.objects.filter(signed_at__isnull=False)
        .filter(
            Q(reader=viewer)
            | Q(contrast_study__case__patient__centre__code__in=view_codes - read_codes)
            | Q(
                contrast_study__case__patient__centre__code__in=view_codes & read_codes,
                contrast_study__in=own_signed.values("contrast_study"),
            )
        )
        .select_related("reader", "contrast_study", "supersedes", "superseded_by")
        .prefetch_related("findings__sites")
    )


def standing(*, viewer: User) -> QuerySet[Read]:
    """Visible reads that no later one supersedes, where the viewer may see the case."""
    codes = viewer.centre_codes("registry.view_patient")
    return visible(viewer=viewer).filter(
        superseded_by__isnull=True,
        contrast_study__case__patient__centre__code__in=codes,
    )


def with_marks(*, viewer: User) -> QuerySet[Read]:
    """The same, for pages that show measurements and key images, too."""
    return visible(viewer=viewer).prefetch_related("measurements__series", "key_images__series")


def of_studies(
    *, viewer: User, studies: Iterable[ContrastStudy], marks: bool = False
) -> dict[int, list[Read]]:
    """Visible reads by primary key of their contrast study."""
    by_study: dict[int, list[Read]] = {study.pk: [] for study in studies}
    reads = with_marks(viewer=viewer) if marks else visible(viewer=viewer)
    for read in reads.filter(contrast_study__in=by_study):
        by_study[read.contrast_study_id].append(read)
    return by_study


def own_latest(
    *, viewer: User, study: ContrastStudy, masked_reread: MaskedReread | None = None
) -> Read | None:
    """The viewer's own read of the study, or of its second look, that no later one supersedes."""
    return (
        with_marks(viewer=viewer)
        .filter(
            reader=viewer,
            contrast_study=study,
            masked_reread=masked_reread,
            superseded_by__isnull=True,
        )
        .first()
    )


def information_open_to(
    *, viewer: User, study: ContrastStudy, shown_series: Collection[UUID] = ()
) -> list[str]:
    """Codes of `InformationShown` for a read of the images: what this account could look up.

    An account that opens neither the case page nor the history of the centre sees the images and
    nothing else. For any other, everything recorded there counts as shown.

    Parameters
    ----------
    shown_series
        Public ids of the series that were on the screen, those of earlier studies among them.
    """
    earlier = {one.public_id for some in earlier_series(viewer=viewer, study=study) for one in some}
    previous = [InformationShown.PREVIOUS_IMAGING] if earlier & set(shown_series) else []
    unblinding = ("registry.view_patient", "registry.view_history")
    if not any(viewer.has_perm(permission, study) for permission in unblinding):
        return [code.value for code in previous or [InformationShown.IMAGES_ONLY]]
    case = study.case
    shown = [InformationShown.CLINICAL_QUESTION, InformationShown.STUDY_CONDUCT, *previous]
    if case.patient.components.exists():
        shown.append(InformationShown.DEVICE_FACTS)
    if case.workup_steps.exists():
        shown.append(InformationShown.WORKUP_RESULTS)
    if viewer.has_perm("registry.run_audit", study) and study.reads.exclude(reader=viewer).exists():
        # An audit of a single day tells what the report of its study says.
        shown.append(InformationShown.ORIGINAL_REPORT)
    if case.surgeries.exists():
        shown.append(InformationShown.OPERATION)
    return [code.value for code in shown]


def information_of_report(*, viewer: User, study: ContrastStudy) -> list[str]:
    """Codes of `InformationShown` for a finding abstracted from a report.

    Where the abstractor may see the case and an operation is logged, it counts as known.
    """
    shown = [InformationShown.ORIGINAL_REPORT.value]
    sees_case = viewer.has_perm("registry.view_patient", study)
    if sees_case and study.case.surgeries.exists():
        shown.append(InformationShown.OPERATION.value)
    return shown
