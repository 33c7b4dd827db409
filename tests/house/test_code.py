"""Rules about the code itself that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from workflow.db.base import Base

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "workflow").rglob("*.py"))
FORBIDDEN_NAMES = re.compile(r"^(utils?|helpers?|common|misc|manager|base|services)$")
#: `manager` is a role; a class of that name would be a habit.
FORBIDDEN_CLASSES = re.compile(r"(Service|Manager|Helper|Util|Utils|Repository|Factory)$")


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path):
    return str(path.relative_to(ROOT))


def test_no_room_is_called_after_nothing():
    wrong = [named(p) for p in MODULES if FORBIDDEN_NAMES.match(p.stem) and named(p) != "workflow/db/base.py"]

    assert wrong == [], "say what lives there instead; CONTRIBUTING names the rooms"


def test_no_class_is_called_after_a_habit():
    wrong = [
        f"{named(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASSES.search(node.name)
    ]

    assert wrong == []


def test_every_module_says_what_lives_there():
    silent = [named(path) for path in MODULES if not ast.get_docstring(parsed(path))]

    assert silent == []


def test_nobody_catches_everything():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]

    assert wrong == [], "catch what you can answer; the rest is a 500 with a reference number"


def test_only_the_edge_knows_the_request():
    """`views`, `web` and what stands beside them may; rules, queries and services take arguments."""
    edge = re.compile(r"workflow/(web/.*|.*views\.py|people/(identity|signing|frame|forms)\.py|.*forms\.py)$")
    banned = {"request", "session", "g", "current_user"}
    wrong = [
        f"{named(path)}: {alias.name}"
        for path in MODULES
        if not edge.match(named(path))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login")
        for alias in node.names
        if alias.name in banned
    ]

    assert wrong == []


#: Longer than a room should be: tables of steps, read from top to bottom. Nothing joins them.
LONG = {
    "workflow/engine/machine.py": 500,
    "workflow/complaints/steps.py": 620,
    "workflow/cases/corrections.py": 360,
    "templates/cases/_case.html": 170,
}


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_file_stays_readable():
    long = {named(p): n for p in MODULES if (n := lines(p)) > LONG.get(named(p), 320)}

    assert long == {}, "split it by what it is about; about 300 lines is a room"


def test_a_template_stays_readable():
    files = (ROOT / "templates").rglob("*.html")
    long = {named(p): n for p in files if (n := lines(p)) > LONG.get(named(p), 130)}

    assert long == {}, "move what repeats into a macro"


#: What is never asked about anybody: principles 9 and 10.
NEVER = re.compile(
    r"a_?number|alien|birth|dob|nationality|citizenship|immigration|country_of|passport|ssn|social_security|"
    r"detainee|arrestee|inmate|race|ethnicity|arrests|detainers|encounters"
)


def test_no_table_asks_what_is_never_asked(app):
    wrong = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if NEVER.search(column.name) and column.name != "trace_id"
    ]

    assert wrong == [], "the product holds nothing about the people agencies arrest"


def test_no_account_table_keeps_an_address_of_a_machine(app):
    wrong = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if {"ip", "remote", "agent"} & set(column.name.split("_"))
    ]

    assert wrong == []


#: Written in pieces, so that this file does not find itself.
PLACES = [
    "/" + "root/",
    "/" + "work/main",
    "/" + "work/shared",
    "registry." + "npmjs.org",
    "files." + "pythonhosted.org",
    "pypi" + ".org/simple",
]


def tracked():
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a clone: nothing is tracked")
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_file_knows_the_machine_it_was_written_on():
    wrong = []
    for path in tracked():
        if not path.is_file():
            continue
        try:
            words = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{named(path)}: {place}" for place in PLACES if place in words]

    assert wrong == []
