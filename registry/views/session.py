"""Signing in and out, and changing one's password."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.forms.sign_in import SignInForm
from registry.views.request import SignedInRequest


class SignIn(auth_views.LoginView):
    template_name = "registry/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _prolong(self.request)
        return response


class SignOut(auth_views.LogoutView):
    pass


@require_http_methods(["GET", "POST"])
def session_state(request: SignedInRequest) -> HttpResponse:
    """How long the session lasts; a POST is somebody who stays."""
    if request.method == "POST":
        _prolong(request)
    return JsonResponse({"seconds_left": request.session.get_expiry_age()})


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: pages warn before the session ends."""
    if not request.user.is_authenticated:
        return {}
    return {"session_seconds_left": request.session.get_expiry_age()}


def _prolong(request: HttpRequest) -> None:
    """A moment, not a span: the page can then say when the session ends."""
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session.set_expiry(timezone.now() + age)


class PasswordChange(auth_views.PasswordChangeView):
    template_name = "registry/password_change.html"
    request: SignedInRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Through the action, so that the change stands in the history."""
        person = self.request.user
        try:
            actions.people.change_password(
                user=person,
                password=form.cleaned_data["new_password1"],
                by=person,
                at=timezone.now(),
            )
        except InvalidRecordError as error:
            form.add_error("new_password1", error.errors["password"])
            return self.form_invalid(form)
        update_session_auth_hash(self.request, person)
        messages.success(
            self.request, gettext("Your password is changed. Other places are signed out.")
        )
        return redirect("registry:home")
