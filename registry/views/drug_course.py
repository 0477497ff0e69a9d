"""The drug of a patient: screening tests, doses and refills on one page."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry import queries
from registry.presenters import drug_course as words
from registry.views.request import SignedInRequest


@require_GET
def drug_course(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    patient = get_object_or_404(queries.patients.visible(viewer=request.user), public_id=public_id)
    today = patient.centre.day_at(timezone.now())
    page = words.page(viewer=request.user, patient=patient, today=today)
    return render(request, "registry/drug_course.html", {"page": page})
