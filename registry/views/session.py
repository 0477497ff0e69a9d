"""Signing in and out, and changing one's password."""

from django.contrib.auth import views as auth_views
from django.urls import reverse_lazy


class SignIn(auth_views.LoginView):
    template_name = "registry/sign_in.html"
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    pass


class PasswordChange(auth_views.PasswordChangeView):
    template_name = "registry/password_change.html"
    success_url = reverse_lazy("registry:home")
