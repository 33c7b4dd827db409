"""Every text of a public page has its translation, and every translation a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from translations.gather import kept, said
from workflow.web.language import CODES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
#: What visitors see: whatever is written there is a text of a public page.
PUBLIC = [
    *sorted((ROOT / "templates" / "intake").glob("*.html")),
    ROOT / "templates" / "layout" / "_public_head.html",
    ROOT / "templates" / "start" / "visitor.html",
]
PLACE = re.compile(r"%\((\w+)\)s")


def texts(catalogue: Catalog) -> dict[str, str]:
    return {str(m.id): str(m.string or "") for m in catalogue if m.id}


def test_every_language_but_the_first_has_its_catalogue():
    assert [path.parts[-3] for path in CATALOGUES] == list(CODES[1:])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-3])
def test_a_catalogue_has_every_text_and_no_other_and_each_one_is_translated(path: Path):
    asked, found = set(texts(said())), texts(kept(path))

    assert sorted(asked - set(found)) == [], "run `python translations/gather.py`, then translate them"
    assert sorted(set(found) - asked) == [], "nobody says this any more: run `python translations/gather.py`"
    assert sorted(text for text, words in found.items() if not words) == []
    assert [str(m.id) for m in kept(path) if m.id and m.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parts[-3])
def test_a_translation_has_the_same_gaps_as_its_text(path: Path):
    wrong = [t for t, w in texts(kept(path)).items() if sorted(PLACE.findall(t)) != sorted(PLACE.findall(w))]

    assert wrong == []


@pytest.mark.parametrize("path", PUBLIC, ids=lambda p: p.stem)
def test_no_word_of_a_public_template_stands_outside_the_catalogue(path: Path):
    source = path.read_text(encoding="utf-8")
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", source, flags=re.DOTALL)
    bare = re.sub(r"<[^>]*>", " ", bare, flags=re.DOTALL)

    assert re.findall(r"[A-Za-z]{2,}", bare) == []
    assert re.findall(r'(?:aria-label|alt|title|placeholder)="(?!\s*{{)[^"]+"', source) == []


def test_public_words_are_plain():
    """About the sixth year of school: short sentences of short words."""
    long = [
        text
        for text in texts(said())
        for sentence in re.split(r"[.;:?!]\s", text)
        if len(sentence.split()) > 26
    ]

    assert long == []
