"""What the ground promises: locks without addresses, light pages, targets and decisions that hold."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("tools.lock", "requirements.lock", "dev.lock", "node.lock", "postgres.lock")
TARGETS = ("run", "test", "quick", "check", "bench")
BUDGET = 45_000  # bytes, compressed: style sheet, script and icon together


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    addresses = [line for line in text.splitlines() if "://" in line or line.startswith("-") or " @ " in line]
    unlocked = [
        line for line in text.splitlines() if line[:1].isalnum() and ("==" not in line or "\\" not in line)
    ]

    assert addresses == [], f"{name}: write it anew with `make locks`; a mirror's address got in"
    assert unlocked == [], f"{name}: these have no version or no hash"


def test_what_runs_is_locked_at_the_versions_that_are_tested():
    pins = {
        name: set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS[:3]
    }

    assert pins["requirements.lock"] <= pins["dev.lock"], "write both anew with `make locks`"


def test_everything_the_project_asks_for_is_locked():
    asked = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = re.search(r"^dependencies = \[(.*?)^\]", asked, re.MULTILINE | re.DOTALL)
    assert dependencies is not None
    names = {re.split(r"[\[<>=~]", name)[0] for name in re.findall(r'"([^"]+)"', dependencies[1])}

    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))

    assert {name.casefold() for name in names} - locked == set(), "write the locks anew with `make locks`"


def test_the_npm_lock_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    packages = {path: entry for path, entry in lock["packages"].items() if path}

    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    assert [path for path, entry in packages.items() if not entry.get("integrity")] == []


def test_styles_and_script_stay_light():
    built = ROOT / "static" / "build"
    if not (built / "manifest.json").is_file():
        assert os.environ.get("CI") != "true", "the assets are not built"
        pytest.skip("the assets are not built: make assets")

    sizes = {path.name: path.stat().st_size for path in built.glob("*.gz")}

    assert len(sizes) == 3
    assert sum(sizes.values()) < BUDGET, f"over {BUDGET:,} bytes compressed: {sizes}"


def test_no_style_or_script_stands_in_a_template():
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|\shx-on", re.IGNORECASE)

    found = [
        f"{path.relative_to(ROOT)}: {hit.group().strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for hit in inline.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == [], "the Content-Security-Policy refuses these; styles go into static/src"


def test_the_official_banner_is_not_among_the_components():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "src").glob("*.scss"))

    assert '"usa-banner' not in sources


@pytest.mark.parametrize("target", TARGETS)
def test_the_makefile_has_the_targets_others_script_against(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_decision_is_checked_by_something_that_is_there():
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert decisions

    broken = []
    for path in decisions:
        _, _, checked = path.read_text(encoding="utf-8").partition("Checked by.")
        named = re.findall(r"`((?:tests|static|workflow)/[\w/.-]*)`", checked)
        broken += [f"{path.name}: {name}" for name in named if not (ROOT / name).exists()]
        broken += [] if checked.strip() else [f"{path.name}: checked by nothing"]

    assert broken == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
