"""What a step of one kind starts in another, in the same transaction. The only file where slices meet."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflow.agreements.record import REACTIONS as AGREEMENTS
from workflow.cases.kinds import Reaction

REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = MappingProxyType(dict(AGREEMENTS))
