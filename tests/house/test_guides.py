"""The guides show pictures and lead to pages that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = sorted(DOCS.glob("guide-*.md"))


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.stem)
def test_a_guide_links_to_nothing_that_is_missing(path: Path):
    named = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))

    assert [name for name in named if "://" not in name and not (DOCS / name).is_file()] == []


def test_complainants_have_a_guide_in_every_language():
    assert {"guide-complainants.md", "guide-complainants.es.md"} <= {path.name for path in GUIDES}
