"""What a page says can be said in German; English is never left by accident."""

import re

from registry.presenters import island_words
from tests.architecture.catalogue import german, is_translated, marked, templates
from tests.architecture.source_tree import ROOT, name_of

ISLANDS = [
    path
    for folder in ("registry/islands", "imaging/viewer")
    for path in sorted((ROOT / folder).glob("*.ts"))
]
TRANSLATED = re.compile(r"\btranslate\(\s*'((?:[^'\\]|\\.)*)'")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
SENTENCE = re.compile(
    r"[A-Za-z]{2,} [a-z]+ [a-z]{2,}[^\[\]=]*$|^[A-Z][a-z]+ [a-z]+|^[A-Za-z]{4,} \$\{"
)
"""Words in a row, or a word with a value after it."""

CATALOGUE = german()
PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{(\w*)\}")
NO_WORDS = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<(style|script|svg|kbd|code)\b.*?</\1>"
    r"|\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
CLASS_BLOCK = re.compile(r"\{% block \w*(?:class|theme)\w* %\}.*?\{% endblock %\}")
"""What goes into attributes that nobody hears."""
SPOKEN = re.compile(r"\b(?:aria-label|data-label|alt|title|placeholder)=\"([^\"]*)\"")
INSTEAD = re.compile(r"\|default(?:_if_none)?:\"([^\"]*)\"")
"""What a filter says where there is nothing to say."""
GIVEN_ON = re.compile(r"\{% include [^%]*?%\}")
WORDS_GIVEN = re.compile(r"\b(?!class|plain)\w+=\"([A-Z][^\"]*)\"")
"""What a template says through one that it includes."""
NAMES = {"Crescent", "CR", "HU", "PDF", "CSV", "JSON", "DICOM", "CT", "UTC", "mm", "ml", "cm"}
"""The same in every language."""


def bare_words(template: str) -> list[str]:
    """Words in text or in attributes that are read out, outside every mark."""
    plain = NO_WORDS.sub(" ", CLASS_BLOCK.sub(" ", template))
    said = [*re.split(r"<[^>]*>", plain), *SPOKEN.findall(plain), *INSTEAD.findall(template)]
    said += WORDS_GIVEN.findall(" ".join(GIVEN_ON.findall(template)))
    words = [word for text in said for word in re.findall(r"[^\W\d_]{2,}", text)]
    entities = {"amp", "nbsp", "lt", "gt", "quot", "middot"}
    return [word for word in words if word not in NAMES | entities]


def test_bare_words_are_found():
    assert bare_words('<p title="Go">{% translate "Yes" %} {{ n }} rows</p>') == ["rows", "Go"]
    assert bare_words('{{ n|default:"none" }} {{ n|default:_("none") }}') == ["none"]
    assert bare_words('{% include "a.html" with legend="Now" class="x" %}') == ["Now"]
    assert (
        bare_words("{# words #}<kbd>Ctrl</kbd>{% blocktranslate %}a b{% endblocktranslate %}") == []
    )


def test_no_template_has_a_bare_word():
    bare = {name_of(path): bare_words(path.read_text(encoding="utf-8")) for path in templates()}
    assert {name: words for name, words in bare.items() if words} == {}


def test_what_the_islands_translate_is_what_pages_carry():
    marked_there = set()
    for path in ISLANDS:
        found = TRANSLATED.findall(path.read_text(encoding="utf-8"))
        marked_there |= {text.replace("\\'", "'") for text in found}
    assert marked_there == set(island_words.WORDS)


def test_no_island_says_a_sentence_that_is_not_translated():
    bare = []
    for path in ISLANDS:
        code = TRANSLATED.sub(" ", path.read_text(encoding="utf-8"))
        for line in COMMENT.sub(" ", code).splitlines():
            if re.search(r"new Error\(|className|\bclass: ", line):
                continue
            said = [one or other for one, other in LITERAL.findall(line)]
            bare += [f"{path.name}: {text}" for text in said if SENTENCE.search(text)]
    assert bare == []


def test_no_marked_string_is_missing_in_german():
    missing = []
    for one in marked():
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
