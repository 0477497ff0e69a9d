"""The rules that tell test and phantom images: see, add, retire."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import queries
from imaging.actions import exclusion_rules as actions
from imaging.actions.exclusion_rules import InvalidRuleError, RuleExistsError, RuleRetiredError
from imaging.dicom.test_images import KEYWORDS
from imaging.models import ExclusionRule
from imaging.queries.exclusion_rules import EVERY_CENTRE, exclusion_rule, exclusion_rules
from imaging.views.request import SignedInRequest

LONGEST_TEXT = 64


class RuleForm(forms.Form):
    """Element, way to compare, and text."""

    centre_code = forms.ChoiceField(label=_("Holds for"))
    keyword = forms.ChoiceField(
        label=_("Element"), choices=[(keyword, keyword) for keyword in KEYWORDS]
    )
    match = forms.ChoiceField(
        label=_("Compared how"),
        choices=ExclusionRule.Match.choices,
        initial=ExclusionRule.Match.WORD,
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        help_text=_("Capitals and the number of blanks make no difference."),
    )

    def __init__(self, *args: Any, centre_codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, code or gettext("every centre")) for code in centre_codes]
        self.fields["centre_code"] = forms.ChoiceField(
            label=gettext("Holds for"),
            choices=choices,
            # "" is a choice here: the rule of every centre.
            required=EVERY_CENTRE not in dict(choices),
        )
        self.order_fields(["keyword", "match", "text", "centre_code"])


class ExclusionRules(View):
    """The rules in force, and a form for one more."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        _require_manager(request)
        return _page(request, RuleForm(centre_codes=_offered(request)))

    def post(self, request: SignedInRequest) -> HttpResponse:
        _require_manager(request)
        form = RuleForm(request.POST, centre_codes=_offered(request))
        if form.is_valid():
            try:
                actions.add(by=request.user, at=timezone.now(), **form.cleaned_data)
            except InvalidRuleError as error:
                form.add_error("text", f"{str(error).capitalize()}.")
            except RuleExistsError as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request, gettext("The rule holds for everything that arrives from now on.")
                )
                return redirect("imaging:exclusion-rules")
        return _page(request, form, status=HTTPStatus.BAD_REQUEST)


class ExclusionRuleRetire(View):
    """End one rule."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        try:
            rule = exclusion_rule(viewer=request.user, public_id=public_id)
        except ExclusionRule.DoesNotExist as error:
            raise Http404 from error
        if rule.centre_code not in _offered(request):
            raise PermissionDenied
        try:
            actions.retire(rule=rule, by=request.user, at=timezone.now())
        except RuleRetiredError as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request,
                gettext(
                    "The rule is retired. What it kept apart stays in quarantine until somebody "
                    "decides about it."
                ),
            )
        return redirect("imaging:exclusion-rules")


def _page(request: SignedInRequest, form: RuleForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    offered = _offered(request)
    rows = [
        {"rule": rule, "may_retire": rule.centre_code in offered}
        for rule in exclusion_rules(viewer=request.user)
    ]
    return TemplateResponse(
        request,
        "imaging/exclusion_rules.html",
        {"rows": rows, "form": form, "all_retirable": EVERY_CENTRE in offered},
        status=status,
    )


def _require_manager(request: SignedInRequest) -> None:
    if not request.user.has_perm(queries.MANAGE_SOURCES):
        raise PermissionDenied


def _offered(request: SignedInRequest) -> list[str]:
    """The centres a person may make rules for; all of them together only who looks after each."""
    own = request.user.centre_codes(queries.MANAGE_SOURCES)
    every_one = import_string(settings.CENTRE_CODES)()
    return [*sorted(own), *([EVERY_CENTRE] if own and own >= every_one else [])]
