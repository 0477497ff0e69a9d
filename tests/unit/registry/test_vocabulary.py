"""The closed lists are complete, unambiguous, sourced, and do not change unnoticed."""

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from registry import vocabulary
from registry.audit import codes as audit_codes
from registry.audit.due_dates import DueKind
from registry.audit.instruments import Direction, Instrument
from registry.vocabulary import (
    ALL_LISTS,
    SOURCES,
    VOCABULARY_VERSION,
    Certainty,
    ClosedList,
    ComplicationCode,
    ComponentKind,
    ContrastProduct,
    DeviceModel,
    Diagnosis,
    ImagingFindingCode,
    ImagingSite,
    InstrumentCode,
    IntraoperativeFindingCode,
    IntraoperativeSite,
    IntraoperativeStatus,
    IntrathecalLabel,
    Modality,
    ModalityGroup,
    NextStep,
    PresenceState,
    PresentingSign,
    PresentingSignGroup,
    Procedure,
    ProofMethod,
    ReviewTime,
    RevisionIndication,
    ScoreDirection,
    StudyOutcomeCode,
    Term,
    UnknownCodeError,
    WithdrawalSeverity,
    WorkupStep,
    fingerprint,
)

ROOT = Path(__file__).resolve().parents[3]
VOCABULARY_SOURCE = Path(vocabulary.__file__).read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

LONGEST_CODE = 48
"""Width of the widest code column in the database."""

FROZEN_FINGERPRINTS = {
    "1": "75890e4190ef157338c01e0a2ec4e62fe2ad4052bc157ebac32a4a2458e737b4",
    "2": "6117ed0f42999323111f1f685a82496a9c2be0c994120829423d26ecaba84d71",
    "3": "cde420de78aaef26e8e589d3f691ee87a1239aec6393864f1300d08a00af3b1d",
}
"""What the lists said at each version. Never change a line of a released version; add one."""


def list_id(closed_list: type[ClosedList]) -> str:
    return closed_list.list_code


each_list = pytest.mark.parametrize("closed_list", ALL_LISTS, ids=list_id)


def glossary_table(heading: str) -> list[list[str]]:
    """Rows of the table under a heading of the glossary, without its two heading lines."""
    section = GLOSSARY.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


# The lists as a whole


def test_all_lists_names_every_closed_list_of_the_module_once():
    in_module = [
        value
        for value in vars(vocabulary).values()
        if isinstance(value, type) and issubclass(value, ClosedList) and value is not ClosedList
    ]
    assert list(ALL_LISTS) == in_module


def test_list_codes_are_unique():
    list_codes = [closed_list.list_code for closed_list in ALL_LISTS]
    assert len(set(list_codes)) == len(list_codes)


@each_list
def test_a_list_says_what_it_is_and_in_which_version(closed_list):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", closed_list.list_code)
    assert closed_list.list_label
    assert re.fullmatch(r"[1-9][0-9]*", closed_list.version)
    assert closed_list.__doc__ not in {None, "", ClosedList.__doc__}


@each_list
def test_no_two_members_of_a_list_share_code_or_label(closed_list):
    assert len(closed_list.__members__) == len(list(closed_list)), "two members, one code"
    labels = [member.label for member in closed_list]
    assert len(set(labels)) == len(labels)


def test_no_definition_changed_without_a_new_version():
    frozen = FROZEN_FINGERPRINTS.get(VOCABULARY_VERSION)
    assert frozen == fingerprint(), (
        "The vocabulary changed. If this version was released: raise `version` of the list you "
        "changed and VOCABULARY_VERSION, and add a line to FROZEN_FINGERPRINTS with "
        f"{fingerprint()!r}. If it was never released, replace its line with that value."
    )


def _list_with(term: Term) -> type[ClosedList]:
    class Example(ClosedList, list_code="example", list_label="Example", version="1"):
        """An example."""

        ANSWER = term

    return Example


@pytest.mark.parametrize(
    "changed",
    [
        Term("answer", "Answer", "Another definition."),
        Term("answer", "Another label", "A definition."),
        Term("answer", "Answer", "A definition.", exclusions=("Not this.",)),
        Term("answer", "Answer", "A definition.", synonyms=("reply",)),
        Term("answer", "Answer", "A definition.", group=ModalityGroup.ADJUNCT),
        Term("answer", "Answer", "A definition.", needs_text=True),
    ],
    ids=["definition", "label", "exclusions", "synonyms", "group", "needs text"],
)
def test_the_fingerprint_changes_with_the_meaning(changed):
    before = _list_with(Term("answer", "Answer", "A definition."))
    assert before.fingerprint() != _list_with(changed).fingerprint()


def test_the_fingerprint_does_not_change_with_a_sign_off():
    before = _list_with(Term("answer", "Answer", "A definition."))
    after = _list_with(Term("answer", "Answer", "A definition.", source="S01", status="published"))
    assert before.fingerprint() == after.fingerprint()


def test_the_vocabulary_needs_no_django():
    script = "import sys, registry.vocabulary; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


# Each member


@each_list
def test_codes_are_stable_lowercase_and_fit_their_column(closed_list):
    pattern = r"[1-5]" if closed_list is Certainty else r"[a-z][a-z0-9_]*"
    for member in closed_list:
        assert re.fullmatch(pattern, member.code)
        assert len(member.code) <= LONGEST_CODE
        assert type(member.code) is str
        assert str(member) == member.code
        assert closed_list is Certainty or member.name == member.code.upper()


@each_list
def test_members_are_complete(closed_list):
    for member in closed_list:
        assert member.label == member.label.strip() != "", member.code
        assert not member.label.endswith("."), member.code
        assert len(member.definition.split()) >= 4, member.code
        assert re.fullmatch(r"[A-Z0-9].*\.", member.definition), member.code
        assert all(exclusion.endswith(".") for exclusion in member.exclusions), member.code


@each_list
def test_members_name_a_known_source_or_admit_that_they_have_none(closed_list):
    for member in closed_list:
        assert member.status in {"published", "own", "proposal"}, member.code
        assert set(member.sources) <= set(SOURCES), member.code
        assert member.sources or member.status != "published", member.code


@each_list
def test_other_and_only_other_asks_for_words(closed_list):
    for member in closed_list:
        assert member.needs_text == (member.code == "other"), member.code


def test_every_source_is_used():
    assert set(SOURCES) == {
        key for closed_list in ALL_LISTS for member in closed_list for key in member.sources
    }


def test_sources_carry_no_addresses():
    assert not re.search(r"https?:|www\.|\.(com|org|gov|net)\b", VOCABULARY_SOURCE)


def test_banned_words_do_not_occur():
    banned = [row[0] for row in glossary_table("Words we do not use")]
    assert len(banned) >= 10
    for word in banned:
        found = re.search(rf"\b{re.escape(word)}s?\b", VOCABULARY_SOURCE, re.IGNORECASE)
        assert found is None, f"{word} stands in the vocabulary"


# Asking a list


@each_list
def test_choices_are_plain_pairs_in_list_order(closed_list):
    assert closed_list.choices() == [(member.value, member.label) for member in closed_list]
    assert all(type(code) is str for code, _ in closed_list.choices())
    assert closed_list.codes() == tuple(code for code, _ in closed_list.choices())


@each_list
def test_groups_of_a_list_come_from_one_list(closed_list):
    groups = {type(member.group) for member in closed_list if member.group is not None}
    assert len(groups) <= 1
    ungrouped = {member.code for member in closed_list if member.group is None}
    if groups:
        assert ungrouped <= {"other", "unknown"}


def test_a_code_finds_its_member():
    assert ImagingFindingCode.get("leak") is ImagingFindingCode.LEAK


def test_a_code_of_no_member_is_a_named_error():
    with pytest.raises(UnknownCodeError, match="ct_finding") as caught:
        ImagingFindingCode.get("stopped_not_aspirable")
    assert caught.value.list_code == "ct_finding"
    assert caught.value.code == "stopped_not_aspirable"


# Findings of imaging


def test_there_are_six_findings_and_three_ways_a_study_ends():
    assert ImagingFindingCode.codes() == (
        "normal_crescent",
        "inadequate_pooling",
        "leak",
        "occlusion",
        "malposition",
        "indeterminate",
    )
    assert StudyOutcomeCode.codes() == ("completed", "stopped_not_aspirable", "stopped_other")


def test_the_four_findings_of_abousamra_cite_the_paper():
    """Abousamra 2016, doi 10.1111/dmcn.12893, abstract: the four groups of the 16 operated."""
    of_the_paper = [
        member
        for member in ImagingFindingCode
        if "S01" in member.sources and member.status == "published"
    ]
    assert of_the_paper == [
        ImagingFindingCode.NORMAL_CRESCENT,
        ImagingFindingCode.INADEQUATE_POOLING,
        ImagingFindingCode.LEAK,
        ImagingFindingCode.OCCLUSION,
    ]
    assert "10.1111/dmcn.12893" in SOURCES["S01"]
    assert "abstract" in SOURCES["S01"]


def test_the_first_three_leak_sites_are_those_of_the_paper_and_the_others_are_not():
    of_the_paper = ImagingFindingCode.LEAK.sites[:3]
    assert of_the_paper == (
        ImagingSite.PUMP_POCKET_AROUND_PUMP,
        ImagingSite.LUMBAR_CANAL_BELOW_ENTRY,
        ImagingSite.LUMBAR_OUTSIDE_CANAL,
    )
    assert all(site.sources == ("S01",) for site in of_the_paper)
    assert all("S01" not in site.sources for site in ImagingFindingCode.LEAK.sites[3:])


def test_every_site_of_imaging_belongs_to_a_finding():
    allowed = [site for finding in ImagingFindingCode for site in finding.sites]
    assert all(isinstance(site, ImagingSite) for site in allowed)
    assert set(allowed) == set(ImagingSite)


def test_indeterminate_is_neither_positive_nor_negative():
    assert {finding: finding.is_positive for finding in ImagingFindingCode} == {
        ImagingFindingCode.NORMAL_CRESCENT: False,
        ImagingFindingCode.INADEQUATE_POOLING: True,
        ImagingFindingCode.LEAK: True,
        ImagingFindingCode.OCCLUSION: True,
        ImagingFindingCode.MALPOSITION: True,
        ImagingFindingCode.INDETERMINATE: None,
    }


def test_a_finding_is_told_apart_by_colour_and_by_glyph():
    shown = [*ImagingFindingCode, StudyOutcomeCode.STOPPED_NOT_ASPIRABLE]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", member.colour) for member in shown)
    assert len({member.colour for member in shown}) == len(shown)
    assert len({member.glyph for member in shown}) == len(shown)
    assert ImagingFindingCode.INDETERMINATE.fill == "hatched"
    assert StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.fill == "outline"


def test_a_stopped_study_is_told_from_occlusion_and_from_leak():
    assert any("occlusion" in text for text in StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.exclusions)
    assert any("stopped" in text for text in ImagingFindingCode.OCCLUSION.exclusions)
    assert any("stopped" in text for text in ImagingFindingCode.LEAK.exclusions)


@pytest.mark.parametrize(
    ("of_the_audit", "of_the_vocabulary"),
    [
        (audit_codes.StudyOutcome, StudyOutcomeCode.codes()),
        (audit_codes.Finding, ImagingFindingCode.codes()),
        (audit_codes.LeakSite, tuple(site.code for site in ImagingFindingCode.LEAK.sites)),
        (audit_codes.OperativeStatus, IntraoperativeStatus.codes()),
        (Instrument, InstrumentCode.codes()),
        (Direction, ScoreDirection.codes()),
    ],
    ids=["study outcome", "finding", "leak site", "operative status", "instrument", "direction"],
)
def test_audit_and_vocabulary_know_the_same_codes(of_the_audit, of_the_vocabulary):
    assert tuple(member.value for member in of_the_audit) == of_the_vocabulary


def test_a_review_that_is_due_is_one_of_the_reviews():
    assert set(ReviewTime.codes()) <= {kind.value for kind in DueKind}


def test_an_instrument_says_what_its_use_needs():
    """Domain reference 5: ship nothing a licence forbids, and say what it asks for."""
    assert all(member.licence for member in InstrumentCode)


def test_audit_and_vocabulary_agree_on_what_is_positive_and_what_it_is_called():
    positive = {finding.code for finding in ImagingFindingCode if finding.is_positive}
    assert positive == {finding.value for finding in audit_codes.ABNORMAL_FINDINGS}
    for finding, label in audit_codes.FINDING_LABELS.items():
        assert ImagingFindingCode.get(finding.value).label == label
    for site, label in audit_codes.LEAK_SITE_LABELS.items():
        assert ImagingSite.get(site.value).label == label


# The other lists


@pytest.mark.parametrize(
    ("closed_list", "members"),
    [
        (Diagnosis, 23),
        (PresentingSign, 53 + 1),
        (RevisionIndication, 38),
        (IntraoperativeFindingCode, 37 + 1),
        (Procedure, 23),
        (ProofMethod, 5),
    ],
    ids=lambda value: value.list_code if isinstance(value, type) else None,
)
def test_a_list_has_as_many_members_as_the_data_dictionary(closed_list, members):
    """Where the dictionary has no `other`, one is added and counted apart."""
    assert len(closed_list) == members


def test_presenting_signs_by_group():
    """Seizure belongs to withdrawal and overdose and is listed once, under withdrawal."""
    counts = {
        group.code: sum(sign.group is group for sign in PresentingSign)
        for group in PresentingSignGroup
    }
    assert counts == {
        "underdose": 8,
        "withdrawal": 15,
        "overdose": 7,
        "infection": 6,
        "csf_leak": 3,
        "device": 8,
        "differential": 6,
    }


def test_unknown_not_assessed_not_recorded_and_absent_are_four_answers():
    assert PresenceState.codes() == (
        "present",
        "absent",
        "unknown",
        "not_assessed",
        "not_recorded",
    )


def test_no_withdrawal_is_not_the_same_as_not_knowing():
    assert WithdrawalSeverity.NONE.code != WithdrawalSeverity.UNKNOWN.code
    assert WithdrawalSeverity.codes()[:4] == ("none", "mild", "significant", "severe")


def test_certainty_runs_from_one_to_five():
    assert Certainty.codes() == ("1", "2", "3", "4", "5")


def test_a_finding_at_operation_knows_its_sites():
    for finding in IntraoperativeFindingCode:
        assert all(isinstance(site, IntraoperativeSite) for site in finding.sites)
    used = {site for finding in IntraoperativeFindingCode for site in finding.sites}
    assert used == set(IntraoperativeSite)
    assert IntraoperativeFindingCode.NO_ABNORMALITY_FOUND.sites == ()


def test_contrast_that_a_boxed_warning_forbids_is_marked():
    """Iohexol 140 and 350 and iodixanol: boxed warnings of their labels."""
    forbidden = {
        product for product in ContrastProduct if product.intrathecal is IntrathecalLabel.FORBIDDEN
    }
    assert forbidden == {
        ContrastProduct.IOHEXOL_140,
        ContrastProduct.IOHEXOL_350,
        ContrastProduct.IODIXANOL,
    }


def test_a_device_model_says_what_it_can_be_and_what_is_unverified():
    for model in DeviceModel:
        assert model.kinds
        if ComponentKind.PUMP not in model.kinds:
            assert model.reservoir_ml is None
        if model.status == "own":
            assert model.unverified, f"{model.code} does not say what is unverified"
    assert DeviceModel.MEDTRONIC_8637_40.reservoir_ml == 40
    assert "ml_per_cm" in DeviceModel.MEDTRONIC_8780.unverified


def test_the_label_of_the_prometra_catheter_is_the_only_verified_volume_per_length():
    verified = [
        model for model in DeviceModel if model.ml_per_cm and "ml_per_cm" not in model.unverified
    ]
    assert verified == [DeviceModel.FLOWONIX_11823]


def test_only_contrast_through_the_access_port_is_a_contrast_study():
    contrast_studies = [m for m in Modality if m.group is ModalityGroup.CONTRAST_STUDY]
    assert [modality.code for modality in contrast_studies] == [
        "cap_ct_myelography",
        "cap_fluoroscopy",
        "cap_fluoroscopy_and_ct",
    ]


def test_next_steps_hold_the_operation_of_the_four_normal_cases():
    """Four normal cases of Abousamra 2016 were operated because of the battery."""
    assert "S01" in NextStep.ELECTIVE_PUMP_REPLACEMENT.sources


@pytest.mark.parametrize(
    ("one", "other"),
    list(
        combinations(
            (PresentingSign, RevisionIndication, IntraoperativeFindingCode, ComplicationCode), 2
        )
    ),
    ids=lambda closed_list: closed_list.list_code,
)
def test_a_code_means_the_same_in_every_clinical_list(one, other):
    for code in set(one.codes()) & set(other.codes()) - {"other"}:
        assert one.get(code).definition == other.get(code).definition, code


def test_a_modality_means_the_same_as_the_step_of_the_work_up():
    for code in set(Modality.codes()) & set(WorkupStep.codes()):
        assert Modality.get(code).definition == WorkupStep.get(code).definition


def test_the_glossary_lists_every_closed_list():
    expected = [
        [
            f"`{closed_list.list_code}`",
            closed_list.list_label,
            f"`{closed_list.__name__}`",
            str(len(closed_list)),
            closed_list.version,
        ]
        for closed_list in ALL_LISTS
    ]
    printed = "\n".join("| " + " | ".join(row) + " |" for row in expected)
    assert glossary_table("Closed lists") == expected, f"the table should read:\n{printed}"
