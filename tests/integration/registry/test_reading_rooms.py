"""A read is kept as a draft, signed once with the password, and nothing changes it afterwards."""

import json
from datetime import date

import pytest
from django.urls import reverse

from registry import actions
from registry.models import Read, ReadDraft, ReadMeasurement, Role
from tests.factories import case_forms, stored_studies
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre):
    return make.user(at_centre=centre, roles=[Role.SURGEON])


@pytest.fixture
def study(centre, surgeon):
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    return with_images(make.contrast_study(of=case, by=surgeon), surgeon)


def with_images(study, surgeon):
    images = stored_studies.study(centre_code="NORTH", slices=3, PatientID="")
    make.study_link(of=study, study=images, by=surgeon, reason="dates differ")
    return study


@pytest.fixture
def reader(centre, client):
    person = make.user(at_centre=centre, roles=[Role.READER])
    client.force_login(person)
    return person


@pytest.fixture
def series(study):
    return study.study_links.get().study.series.get()


def room(study):
    return reverse("registry:reading-room", args=[study.public_id])


def draft_url(study):
    return reverse("registry:reading-draft", args=[study.public_id])


def signature(**changes):
    return case_forms.leak(certainty="4", password=make.PASSWORD) | changes


def marks(series, **changes):
    """A length of 5 pixels and a key image, as the viewer puts them into the form."""
    facts = series.instances.get(slice_index=1).attributes
    x, y, z = facts["image_position_mm"]
    step = facts["pixel_spacing_mm"][1]
    key = str(series.public_id)
    return {
        "measurements": [
            {
                "kind": "length",
                "series": key,
                "slice_index": 1,
                "points_mm": [[x + step, y, z], [x + 6 * step, y, z]],
                "text": "beside the tip",
            }
        ],
        "key_images": [
            {"series": key, "slice_index": 2, "window": {"centre_hu": 300, "width_hu": 1000}}
        ],
        "shown": {key: [2, 3]},
    } | changes


def reading(response):
    return response.context["reading"]


class TestSigning:
    def test_stores_what_was_drawn_and_what_was_shown(self, client, reader, study, series):
        client.post(
            room(study),
            signature(
                marks=json.dumps(marks(series)),
                extent_from_level="t10",
                extent_to_level="l1",
                extent_mm="85",
            ),
        )
        read = Read.objects.get()
        measurement = read.measurements.get()
        step = series.instances.get(slice_index=1).attributes["pixel_spacing_mm"][1]
        assert measurement.length_mm == pytest.approx(5 * step)
        assert measurement.text == "beside the tip"
        assert read.key_images.get().instance.slice_index == 2
        assert read.images_shown == {str(series.public_id): [2, 3]}
        assert (read.extent_from_level, read.extent_to_level, read.extent_mm) == ("t10", "l1", 85)

    def test_the_browsers_own_numbers_are_not_believed(self, client, reader, study, series):
        told = marks(series)
        told["measurements"][0] |= {"length_mm": 999, "mean_hu": 999}
        client.post(room(study), signature(marks=json.dumps(told)))
        assert ReadMeasurement.objects.get().length_mm != 999
        assert ReadMeasurement.objects.get().mean_hu is None

    @pytest.mark.parametrize("password", ["", "not the password"])
    def test_needs_the_password_and_keeps_every_answer(self, client, reader, study, password):
        response = client.post(
            room(study), signature(password=password, remarks="bright rim", marks="{}")
        )
        form = response.context["form"]
        assert set(form.errors) == {"password"}
        assert form["remarks"].value() == "bright rim"
        assert password == "" or password not in response.content.decode()
        assert not Read.objects.exists()

    def test_wrong_passwords_lock_the_account_and_keep_the_answers(self, client, reader, study):
        for _ in range(8):
            response = client.post(room(study), signature(password="guess"))
        assert response.status_code == 200
        assert "Too many wrong passwords" in str(response.context["form"].errors)
        right = client.post(room(study), signature(remarks="bright rim"))
        assert "Too many wrong passwords" in str(right.context["form"].errors)
        assert right.context["form"]["remarks"].value() == "bright rim"
        assert not Read.objects.exists()

        client.logout()
        answers = {"username": reader.get_username(), "password": make.PASSWORD}
        assert client.post(reverse("registry:sign-in"), answers).status_code == 429

    @pytest.mark.parametrize(
        "sent",
        [
            "no json",
            "[]",
            '{"measurements": 7}',
            '{"measurements": [{"kind": "length"}]}',
            '{"shown": {"x": [1, 2]}}',
            '{"key_images": [null]}',
            "[" * 100_000,
        ],
    )
    def test_what_is_no_drawing_is_refused_in_words(self, client, reader, study, sent):
        response = client.post(room(study), signature(marks=sent, remarks="bright rim"))
        assert set(response.context["form"].errors) == {"marks"}
        assert "bright rim" in response.content.decode()
        assert not Read.objects.exists()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"points_mm": [[float("nan"), 0, 0], [0, 0, 0]]}, "no place"),
            ({"points_mm": [[0, 0, 0]] * 1000}, "1000 points"),
            ({"points_mm": [[0, 0, 9999], [0, 1, 9999]]}, "does not lie on its slice"),
            ({"series": "01900000-0000-7000-8000-000000000000"}, "none of this study"),
            ({"text": "x" * 201}, "at most 200"),
        ],
    )
    def test_a_drawing_that_contradicts_the_images_is_refused_in_words(
        self, client, reader, study, series, change, words
    ):
        told = marks(series)
        told["measurements"][0] |= change
        response = client.post(room(study), signature(marks=json.dumps(told), remarks="rim"))
        assert words in str(response.context["form"].errors)
        assert "rim" in response.content.decode()
        assert json.dumps(told) == response.context["form"]["marks"].value()
        assert not Read.objects.exists()


class TestDrafts:
    def test_are_kept_without_the_password_and_restored(self, client, reader, study, series):
        sent = signature(remarks="so far", marks=json.dumps(marks(series)), edition="0")
        answer = client.post(draft_url(study), sent)
        assert answer.status_code == 200
        assert answer.json()["edition"] == 1

        kept = ReadDraft.objects.get()
        assert make.PASSWORD not in json.dumps([kept.answers, kept.marks])
        response = client.get(room(study))
        form = response.context["form"]
        assert form["remarks"].value() == "so far"
        assert form["sites_leak"].value() == ["pump_pocket_around_pump"]
        draft = reading(response)["draft"]
        assert draft["marks"] == json.loads(form["marks"].value()) == marks(series)
        assert draft["saved"] == answer.json()["saved"]
        assert draft["edition"] == 1

    def test_of_two_windows_the_later_hears_of_both_versions(self, client, reader, study):
        client.post(draft_url(study), {"remarks": "first", "edition": "0"})
        answer = client.post(draft_url(study), {"remarks": "second", "edition": "0"})
        assert answer.status_code == 409
        told = answer.json()
        assert told["answers"] == {"remarks": "first"}
        assert told["edition"] == 1
        again = client.post(draft_url(study), {"remarks": "second", "edition": told["edition"]})
        assert again.status_code == 200
        assert ReadDraft.objects.get().answers == {"remarks": "second"}

    @pytest.mark.parametrize(
        "sent",
        [
            {"edition": "x"},
            {"edition": "-1"},
            {"edition": "9" * 5000},
            {"marks": "no json"},
            {"marks": '{"shown": 3}'},
            {"marks": '{"note": 1e999}'},
            {"marks": '{"note": NaN}'},
            {"marks": '{"note": "\\ud800"}'},
            {"marks": '{"note": "\\u0000"}'},
        ],
    )
    def test_what_cannot_be_kept_is_refused_in_words(self, client, reader, study, sent):
        answer = client.post(draft_url(study), {"remarks": "so far"} | sent)
        assert answer.status_code == 400
        assert "not saved" in answer.json()["error"]
        assert not ReadDraft.objects.exists()

    def test_characters_that_no_database_takes_are_left_out(self, client, reader, study):
        client.post(draft_url(study), {"remarks": "so\x00far", "tip_level": "t9"})
        assert ReadDraft.objects.get().answers == {"remarks": "sofar", "tip_level": "t9"}

    def test_are_nobody_elses(self, client, centre, reader, study):
        client.post(draft_url(study), {"remarks": "CANARY", "edition": "0"})
        client.force_login(make.user(at_centre=centre, roles=[Role.READER]))
        response = client.get(room(study))
        assert "CANARY" not in response.content.decode()
        assert reading(response)["draft"] is None
        client.force_login(make.user(at_centre=centre, roles=[Role.SURGEON]))
        assert client.post(draft_url(study), {}).status_code == 404

    def test_the_clock_goes_on_where_the_draft_began(self, client, reader, study):
        client.post(draft_url(study), {"remarks": "so far"})
        begun = ReadDraft.objects.get().opened_at
        client.logout()
        client.force_login(reader)
        client.post(room(study), signature())
        assert Read.objects.get().opened_at == begun


class TestASignedRead:
    @pytest.fixture
    def signed(self, client, reader, study, series):
        client.post(draft_url(study), {"remarks": "so far"})
        client.post(room(study), signature(marks=json.dumps(marks(series))))
        return Read.objects.get()

    def test_is_changed_by_no_late_draft_second_tab_or_direct_post(
        self, client, reader, study, series, signed
    ):
        before = Read.objects.filter(pk=signed.pk).values().get()
        late = client.post(draft_url(study), signature(remarks="late", edition="1"))
        assert late.status_code == 403
        assert set(late.json()) == {"error"}
        tab = client.post(room(study), signature(primary_finding="occlusion", remarks="late"))
        assert "You have signed your read" in tab.content.decode()
        assert not ReadDraft.objects.exists()
        assert Read.objects.filter(pk=signed.pk).values().get() == before
        assert Read.objects.count() == ReadMeasurement.objects.count() == 1

    def test_is_shown_again_with_its_marks_and_no_form(self, client, reader, study, series, signed):
        """Also to who comes back with the button of the browser: no page of it is kept."""
        response = client.get(room(study))
        assert response["Cache-Control"] == "no-store"
        assert "form" not in response.context
        expected = marks(series)
        del expected["shown"]
        assert reading(response)["marks"] == expected
        assert reading(response)["draft_url"] is None

    def test_looks_the_same_to_whoever_may_see_it(self, client, surgeon, series, signed):
        client.force_login(surgeon)
        response = client.get(reverse("registry:read-detail", args=[signed.public_id]))
        expected = marks(series)
        del expected["shown"]
        assert reading(response)["marks"] == expected
        html = response.content.decode()
        assert "Length: " in html
        assert "1 key image" in html
        assert "2 of 3 slices were on the screen" in html

    def test_is_hidden_from_a_reader_who_has_not_signed(self, client, centre, study, signed):
        client.force_login(make.user(at_centre=centre, roles=[Role.READER]))
        assert (
            client.get(reverse("registry:read-detail", args=[signed.public_id])).status_code == 404
        )

    def test_is_not_shown_to_its_reader_after_the_role_ended(self, client, centre, reader, signed):
        actions.people.set_roles(user=reader, centre=centre, roles=[], by=None, at=make.NOW)
        detail = reverse("registry:read-detail", args=[signed.public_id])
        assert client.get(detail).status_code == 404

    def test_is_corrected_from_its_own_marks_with_the_password(
        self, client, reader, series, signed
    ):
        url = reverse("registry:read-correct", args=[signed.public_id])
        form = client.get(url).context["form"]
        start = json.loads(form["marks"].value())
        assert start["measurements"] == marks(series)["measurements"]
        answers = signature(correction_reason="looked again", marks=json.dumps(start))
        assert "password" in client.post(url, answers | {"password": ""}).context["form"].errors
        client.post(url, answers)
        second = Read.objects.get(supersedes=signed)
        assert second.measurements.get().points_mm == signed.measurements.get().points_mm

    def test_has_a_draft_of_its_correction_until_that_is_signed(self, client, reader, signed):
        url = reverse("registry:read-correct", args=[signed.public_id])
        draft = reverse("registry:read-correct-draft", args=[signed.public_id])
        answers = {"correction_reason": "looked again", "edition": "0"}
        assert client.post(draft, answers).status_code == 200
        assert client.get(url).context["form"]["correction_reason"].value() == "looked again"
        client.post(url, signature(correction_reason="looked again"))
        assert client.post(draft, answers | {"edition": "1"}).status_code == 403
        assert not ReadDraft.objects.exists()


def test_earlier_images_of_the_patient_are_offered_and_count_as_shown(
    client, surgeon, reader, study, series
):
    earlier = with_images(
        make.contrast_study(of=study.case, by=surgeon, performed_on=date(2023, 11, 2)), surgeon
    )
    old = earlier.study_links.get().study.series.get()
    offered = reading(client.get(room(study)))["earlier"]
    assert [one["label"] for one in offered] == ["Earlier study 1"]
    assert str(old.public_id) in offered[0]["series"][0]["slices_url"]
    assert reading(client.get(room(earlier)))["earlier"] == []

    shown = {str(series.public_id): [3, 3], str(old.public_id): [1, 3]}
    client.post(room(study), signature(marks=json.dumps({"shown": shown})))
    read = Read.objects.get()
    assert read.information_shown == ["previous_imaging"]
    assert read.images_shown == shown
