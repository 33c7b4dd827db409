"""The guides show pictures and lead to pages that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: Bytes of a picture: the guides are read on slow lines.
LARGEST = 120_000
GUIDES = sorted(DOCS.glob("guide-*.md"))


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.stem)
def test_a_guide_links_to_nothing_that_is_missing(path: Path):
    named = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))

    assert [name for name in named if "://" not in name and not (DOCS / name).is_file()] == []


def test_a_picture_is_small_told_in_words_and_shown_somewhere():
    texts = "".join(
        path.read_text(encoding="utf-8") for path in (*DOCS.glob("*.md"), DOCS.parent / "README.md")
    )

    for path in (DOCS / "screenshots").iterdir():
        assert path.stat().st_size <= LARGEST, path.name
        assert re.search(rf"!\[[^\]]{{10,}}\]\((docs/)?screenshots/{re.escape(path.name)}\)", texts), (
            path.name
        )


def test_complainants_have_a_guide_in_every_language():
    assert {"guide-complainants.md", "guide-complainants.es.md"} <= {path.name for path in GUIDES}
