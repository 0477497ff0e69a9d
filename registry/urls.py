"""Pages of the registry."""

from django.urls import path

from registry.views import (
    components,
    health,
    history,
    home,
    patients,
    people,
    session,
    vocabulary,
)

app_name = "registry"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", session.SignIn.as_view(), name="sign-in"),
    path("sign-out/", session.SignOut.as_view(), name="sign-out"),
    path("password/", session.PasswordChange.as_view(), name="password-change"),
    path("patients/", patients.patient_list, name="patient-list"),
    path("patients/new/", patients.patient_create, name="patient-create"),
    path("patients/<uuid:public_id>/", patients.patient_detail, name="patient-detail"),
    path("patients/<uuid:public_id>/edit/", patients.patient_update, name="patient-update"),
    path("patients/<uuid:public_id>/identity/", patients.patient_identity, name="patient-identity"),
    path(
        "patients/<uuid:public_id>/components/new/",
        components.component_create,
        name="component-create",
    ),
    path(
        "components/<uuid:public_id>/edit/", components.component_update, name="component-update"
    ),
    path("people/", people.person_list, name="person-list"),
    path("people/new/", people.person_create, name="person-create"),
    path("people/<uuid:public_id>/", people.person_update, name="person-update"),
    path("history/", history.history, name="history"),
    path("vocabulary/", vocabulary.vocabulary, name="vocabulary"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
