"""Addresses read like words, and every template is whole and used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*.html"))
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def whole(name):
    """The text of a template with what it includes put in its place."""
    words = (ROOT / "templates" / name).read_text(encoding="utf-8")
    return re.sub(r'{% include "([^"]+)" %}', lambda found: whole(found[1]), words)


def test_addresses_are_words_with_hyphens(app):
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for piece in rule.rule.strip("/").split("/")
        if piece and not piece.startswith("<") and not WORD.fullmatch(piece)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_finds_what_it_names(app, name):
    environment = app.jinja_env
    environment.get_template(name)
    source, _, _ = environment.loader.get_source(environment, name)

    named = meta.find_referenced_templates(environment.parse(source))

    assert [used for used in named if used is None or used not in TEMPLATES] == []


def test_no_template_lies_about_unused(app):
    used = set()
    for name in TEMPLATES:
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
        used |= {n for n in meta.find_referenced_templates(app.jinja_env.parse(source)) if n}
    for path in (ROOT / "workflow").rglob("*.py"):
        used |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
        }

    assert sorted(set(TEMPLATES) - used) == []


def test_every_imported_macro_is_there_and_used(app):
    wrong = []
    for name in TEMPLATES:
        tree = app.jinja_env.parse(whole(name))
        read = {node.name for node in tree.find_all(nodes.Name)}
        for statement in tree.find_all(nodes.FromImport):
            module = app.jinja_env.get_template(statement.template.value).module
            for each in statement.names:
                macro, alias = each if isinstance(each, tuple) else (each, each)
                if not hasattr(module, macro):
                    wrong.append(f"{name}: {macro} is not in {statement.template.value}")
                if alias not in read:
                    wrong.append(f"{name}: {alias} is not used")

    assert wrong == []


def test_no_template_decides_by_role(app):
    """Buttons come from offers; a template that asks for a role has forgotten to ask the machine."""
    wrong = [
        name
        for name in TEMPLATES
        if re.search(
            r"me\(\)\.roles|Role\.|has_role", (ROOT / "templates" / name).read_text(encoding="utf-8")
        )
    ]

    assert wrong == []


def test_no_template_carries_its_own_style_or_script():
    wrong = [
        name
        for name in TEMPLATES
        if re.search(
            r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:",
            (ROOT / "templates" / name).read_text(encoding="utf-8"),
        )
    ]

    assert wrong == [], "the policy of every page would not run it"


def test_every_form_that_changes_something_carries_a_token():
    wrong = []
    for name in TEMPLATES:
        forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", whole(name), re.DOTALL)
        wrong += [name for form in forms if "csrf_token" not in form and "hidden(" not in form]

    assert wrong == []
