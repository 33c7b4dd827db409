"""Where the real lists lie, if they are here: they are public but no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = Path(os.environ.get("PLUMBLINE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        sentence = f"The real lists are not in {folder}; set PLUMBLINE_SHARED_DATA to where they are."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return folder
