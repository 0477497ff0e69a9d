"""What a page says can be said in German; English is never left by accident.

`FULLY_MARKED` grows until it names every template; then it goes.
"""

import re

import pytest

from tests.architecture.catalogue import german, is_translated, marked
from tests.architecture.source_tree import ROOT

FULLY_MARKED = {
    "config/templates/403.html",
    "config/templates/403_csrf.html",
    "config/templates/404.html",
    "config/templates/429.html",
    "config/templates/500.html",
    "config/templates/bare.html",
    "config/templates/base.html",
    "config/templates/layout.html",
    "config/templates/parts/field.html",
    "config/templates/parts/field_words.html",
    "config/templates/parts/finding.html",
    "config/templates/parts/footer.html",
    "config/templates/parts/form_errors.html",
    "config/templates/parts/help.html",
    "config/templates/parts/messages.html",
    "config/templates/parts/topbar.html",
    "imaging/templates/imaging/agreement.html",
    "registry/templates/registry/assessment_choose.html",
    "registry/templates/registry/assessment_form.html",
    "registry/templates/registry/assessment_list.html",
    "registry/templates/registry/audit_document_table.html",
    "registry/templates/registry/audit_list.html",
    "registry/templates/registry/audit_table.html",
    "registry/templates/registry/case_form.html",
    "registry/templates/registry/case_history.html",
    "registry/templates/registry/case_step_buttons.html",
    "registry/templates/registry/case_timeline.html",
    "registry/templates/registry/data.html",
    "registry/templates/registry/form.html",
    "registry/templates/registry/form_actions.html",
    "registry/templates/registry/form_conflict.html",
    "registry/templates/registry/form_definitions.html",
    "registry/templates/registry/form_draft.html",
    "registry/templates/registry/form_page.html",
    "registry/templates/registry/formset_row.html",
    "registry/templates/registry/formset_rows.html",
    "registry/templates/registry/history.html",
    "registry/templates/registry/home.html",
    "registry/templates/registry/image_list.html",
    "registry/templates/registry/locked_out.html",
    "registry/templates/registry/measurement_list.html",
    "registry/templates/registry/password_change.html",
    "registry/templates/registry/patient_timeline.html",
    "registry/templates/registry/reading_list.html",
    "registry/templates/registry/reading_protocol.html",
    "registry/templates/registry/report_list.html",
    "registry/templates/registry/report_table.html",
    "registry/templates/registry/sign_in.html",
    "registry/templates/registry/signed_form.html",
    "registry/templates/registry/surgery_form.html",
    "registry/templates/registry/work_rows.html",
}
"""Templates in which every word is marked."""

CATALOGUE = german()
PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{(\w*)\}")
NO_WORDS = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<(style|script|svg|kbd|code)\b.*?</\1>"
    r"|\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
CLASS_BLOCK = re.compile(r"\{% block \w*(?:class|theme)\w* %\}.*?\{% endblock %\}")
"""What goes into attributes that nobody hears."""
SPOKEN = re.compile(r"\b(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"")
NAMES = {"Crescent", "HU", "PDF", "CSV", "JSON", "DICOM", "CT", "UTC", "mm", "ml", "cm"}
"""The same in every language."""


def bare_words(template: str) -> list[str]:
    """Words in text or in attributes that are read out, outside every mark."""
    plain = NO_WORDS.sub(" ", CLASS_BLOCK.sub(" ", template))
    said = [*re.split(r"<[^>]*>", plain), *SPOKEN.findall(plain)]
    words = [word for text in said for word in re.findall(r"[^\W\d_]{2,}", text)]
    entities = {"amp", "nbsp", "lt", "gt", "quot", "middot"}
    return [word for word in words if word not in NAMES | entities]


def test_bare_words_are_found():
    assert bare_words('<p title="Go">{% translate "Yes" %} {{ n }} rows</p>') == ["rows", "Go"]
    assert (
        bare_words("{# words #}<kbd>Ctrl</kbd>{% blocktranslate %}a b{% endblocktranslate %}") == []
    )


@pytest.mark.parametrize("name", sorted(FULLY_MARKED))
def test_a_template_that_is_fully_marked_has_no_bare_word(name):
    assert bare_words((ROOT / name).read_text(encoding="utf-8")) == []


def test_no_string_of_a_marked_template_is_missing_in_german():
    missing = []
    for one in marked():
        if one.file not in FULLY_MARKED:
            continue
        message = one.message if isinstance(one.message, str) else one.message[0]
        entry = CATALOGUE.get(message, one.context)
        if entry is None or not is_translated(entry):
            missing.append(f"{one.file}: {message}")
    assert missing == [], "run `python -m tests.architecture.catalogue` and translate them"


def test_a_translation_puts_the_same_things_in():
    wrong = []
    for entry in CATALOGUE:
        sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        wanted = set(PLACE.findall(sources[-1]))
        wrong += [text for text in strings if text and set(PLACE.findall(text)) - wanted]
        wrong += [text for text in strings[-1:] if text and wanted - set(PLACE.findall(text))]
    assert wrong == []


def test_the_catalogue_has_no_doubtful_entry():
    assert [entry.id for entry in CATALOGUE if entry.fuzzy] == []
