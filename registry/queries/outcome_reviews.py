"""Reviews of the outcome that a viewer may see."""

from django.db.models import QuerySet

from registry.models import OutcomeReview, User


def visible(*, viewer: User) -> QuerySet[OutcomeReview]:
    return OutcomeReview.objects.filter(
        case__patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("case__patient__centre", "surgery")
