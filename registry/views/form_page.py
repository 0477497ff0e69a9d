"""The page that is one form, shown and shown again with what was typed."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from registry.forms.base import RecordForm
from registry.views.request import SignedInRequest


def answers(request: SignedInRequest) -> QueryDict | None:
    """What was sent, or None where the page was only opened."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: SignedInRequest,
    form: RecordForm,
    *,
    title: str,
    cancel_url: str,
    template: str = "registry/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Draw the form; its action is its own address, so that it also works inside another page.

    A conflict in which both versions give the same answers is none: the form was sent twice, or
    somebody else said the same.
    """
    if form.conflict == [] and not form.errors:
        messages.success(request, _("Saved. The same answers had come twice."))
        return redirect(cancel_url)
    context |= {
        "form": form,
        "title": title,
        "cancel_url": cancel_url,
        "form_action": request.path,
    }
    return render(request, template, context)


def all_valid(form: RecordForm, rows: "BaseFormSet[Any]", *, name: str) -> bool:
    """Validate a form and the rows beside it; what is wrong with a row is in the summary too."""
    valid = form.is_valid()
    if rows.is_valid():
        return valid
    for number, row in enumerate(rows.forms, start=1):
        for field, sentences in row.errors.items():
            label = row.fields[field].label if field in row.fields else ""
            form.add_error(
                None,
                gettext("%(name)s, row %(number)s, %(label)s: %(what)s")
                % {"name": name, "number": number, "label": label, "what": " ".join(sentences)},
            )
    return False
