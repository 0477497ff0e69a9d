"""The page that is one form, shown and shown again with what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from registry.actions.doubts import DoubtfulError
from registry.actions.errors import CaseClosedError, EditConflictError, InvalidRecordError
from registry.forms.base import RecordForm
from registry.forms.doubts import DoubtingForm
from registry.views.request import SignedInRequest


def answers(request: SignedInRequest) -> QueryDict | None:
    """What was sent, or None where the page was only opened."""
    return request.POST if request.method == "POST" else None


def is_saved(
    form: RecordForm,
    save: Callable[[], object],
    *,
    saved_by_others: Callable[[], Mapping[str, Any]] = dict,
) -> bool:
    """Hand valid answers to an action; what it refuses is shown in the form.

    Parameters
    ----------
    save
        Calls the action with the answers.
    saved_by_others
        The record as it is stored now, as the form's `initial`, for the comparison of a conflict.
    """
    if not form.is_valid():
        return False
    try:
        save()
    except EditConflictError:
        saved = saved_by_others()
        form.show_conflict(saved=saved, edition=saved["edition"])
    except CaseClosedError as error:
        form.add_error(None, str(error))
    except DoubtfulError as error:
        # What made it doubtful came after the form had asked.
        assert isinstance(form, DoubtingForm)
        form.show_doubts(error.doubts)
    except InvalidRecordError as error:
        form.add_action_errors(error)
    else:
        return True
    return False


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
    for sentence in rows.non_form_errors():
        form.add_error(None, f"{name}: {sentence}")
    return False
