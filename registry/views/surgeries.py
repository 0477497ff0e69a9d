"""Operations: logging and correcting."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from registry import actions, queries
from registry.actions.errors import CaseClosedError, EditConflictError, InvalidRecordError
from registry.actions.surgeries import RemovalEntry
from registry.forms.base import ConflictRow
from registry.forms.surgery import (
    SurgeryForm,
    SurgeryUpdateForm,
    further_entries,
    further_formset,
)
from registry.forms.system_parts import ExchangeForm
from registry.models import RevisionCase, RevisionSurgery
from registry.presenters.case_words import case_facts
from registry.presenters.surgeries import exchanged, further_words
from registry.views.form_page import all_valid, answers, form_page
from registry.views.once import creates_once
from registry.views.request import SignedInRequest

SURGERY_FORM = "registry/surgery_form.html"


@creates_once(
    visible=queries.surgeries.visible,
    page_of=lambda surgery: reverse("registry:case-detail", args=[surgery.case.public_id]),
)
def surgery_create(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", case):
        raise PermissionDenied
    now = timezone.now()
    form = SurgeryForm(answers(request), today=case.patient.centre.day_at(now))
    rows = further_formset(answers(request))
    exchange = _exchange_form(request, case)
    if request.method == "POST" and _all_valid(form, rows, exchange):
        try:
            actions.surgeries.log(
                case=case,
                by=request.user,
                at=now,
                fields=form.facts() | {"public_id": request.new_id},
                procedures=form.cleaned_data["procedures"],
                findings=[*form.findings(), *further_entries(rows)],
                techniques=form.cleaned_data["techniques"],
                integrity_tests=form.cleaned_data["integrity_tests"],
                removed=_removals(exchange),
                placed=exchange.placed(),
            )
        except CaseClosedError as error:
            form.add_error(None, str(error))
        except EditConflictError:
            form.add_error(None, _("A component was edited meanwhile. Look, then save again."))
        except InvalidRecordError as error:
            _show_refusal(error, form, exchange)
        else:
            messages.success(request, gettext("The operation is logged."))
            return redirect("registry:case-detail", case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Operation"),
        facts=case_facts(case),
        submit_label=gettext("Log the operation"),
        cancel_url=reverse("registry:case-detail", args=[case.public_id]),
        template=SURGERY_FORM,
        rows=rows,
        exchange=exchange,
    )


def surgery_update(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    surgery = _surgery_to_log(request, public_id)
    now = timezone.now()
    form = SurgeryUpdateForm(
        answers(request),
        initial=SurgeryForm.initial_of(surgery),
        today=surgery.case.patient.centre.day_at(now),
    )
    rows = further_formset(answers(request), surgery=surgery)
    exchange = _exchange_form(request, surgery.case)
    if request.method == "POST" and _all_valid(form, rows, exchange):
        further = further_entries(rows)
        try:
            actions.surgeries.edit(
                surgery=surgery,
                edition=form.cleaned_data["edition"],
                by=request.user,
                at=now,
                changes=form.facts(),
                procedures=form.cleaned_data["procedures"],
                findings=[*form.findings(), *further],
                techniques=form.cleaned_data["techniques"],
                integrity_tests=form.cleaned_data["integrity_tests"],
                removed=_removals(exchange),
                placed=exchange.placed(),
            )
        except EditConflictError:
            saved = _surgery_to_log(request, public_id)
            saved_rows = [row.initial for row in further_formset(None, surgery=saved).initial_forms]
            form.show_conflict(
                saved=SurgeryForm.initial_of(saved),
                edition=saved.edition,
                rows=[
                    ConflictRow(
                        gettext("Further findings"),
                        further_words((row["component"], row["code"]) for row in saved_rows),
                        further_words((entry.component, entry.code or "") for entry in further),
                    )
                ],
            )
        except InvalidRecordError as error:
            _show_refusal(error, form, exchange)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("registry:case-detail", surgery.case.public_id)
    return form_page(
        request,
        form,
        title=gettext("Operation"),
        facts=case_facts(surgery.case),
        cancel_url=reverse("registry:case-detail", args=[surgery.case.public_id]),
        template=SURGERY_FORM,
        rows=rows,
        exchange=exchange,
        exchanged=exchanged(surgery),
    )


def _exchange_form(request: SignedInRequest, case: RevisionCase) -> ExchangeForm:
    in_place = queries.components.visible(viewer=request.user).filter(
        patient=case.patient, removed_on__isnull=True
    )
    return ExchangeForm(answers(request), prefix="exchange", in_place=in_place)


def _all_valid(form: SurgeryForm, rows: "BaseFormSet[Any]", exchange: ExchangeForm) -> bool:
    valid = all_valid(form, rows, name=gettext("Further findings"))
    if exchange.is_valid():
        return valid
    for field, sentences in exchange.errors.items():
        label = exchange.fields[field].label if field in exchange.fields else ""
        form.add_error(None, f"{label}: {' '.join(str(text) for text in sentences)}")
    return False


def _removals(exchange: ExchangeForm) -> list[RemovalEntry]:
    return [RemovalEntry(one, one.edition) for one in exchange.removed_components()]


def _show_refusal(error: InvalidRecordError, form: SurgeryForm, exchange: ExchangeForm) -> None:
    """Beside the field it names; what is wrong with the exchange is in the summary, too."""
    of_exchange = {name: texts for name, texts in error.errors.items() if name in exchange.fields}
    if of_exchange:
        exchange.add_action_errors(InvalidRecordError(of_exchange))
    form.add_action_errors(error)


def _surgery_to_log(request: SignedInRequest, public_id: uuid.UUID) -> RevisionSurgery:
    surgery = get_object_or_404(queries.surgeries.visible(viewer=request.user), public_id=public_id)
    if not request.user.has_perm("registry.log_case", surgery):
        raise PermissionDenied
    return surgery
