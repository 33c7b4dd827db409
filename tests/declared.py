"""What a declared step says, in the short words of references written by hand. No test lives here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

from workflow.engine.effects import (
    Before,
    ByClock,
    Due,
    Effect,
    ExtendClock,
    Keep,
    Letter,
    Notify,
    On,
    PauseClock,
    Put,
    RecomputeClock,
    Renew,
    ResumeClock,
    Seal,
    SendToAgency,
    Stamp,
    StartClock,
    StopClock,
    Within,
)
from workflow.engine.machine import SAME, Stage, Transition


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step. What ends in a question mark may be left out (an answer) or hangs on a condition.

    `does`: + starts a clock, - stops, ~ pauses, ^ resumes, * extends it; `a>b` keeps answer a in column b,
    `a>>b` keeps it sealed, `b=x` writes a code, `@b` the day; letters, notices and "send" to the agency by
    name.
    """

    verb: str
    source: str = ""
    to: str
    by: str
    second: str = ""
    asks: str = ""
    rules: str = ""
    does: str = ""
    marks: str = ""

    @property
    def asked(self) -> set[str]:
        """What can be answered, by name."""
        return {word.partition(":")[0] for word in self.asks.split()}

    @property
    def needed(self) -> set[str]:
        """What has to be answered."""
        return {word.partition(":")[0] for word in self.asks.split() if not word.endswith("?")}

    def shape(self) -> dict[str, Any]:
        """The same as `shape` says of a declared step."""
        parts = ("source", "by", "second", "asks", "rules", "does", "marks")
        return {"to": self.to, **{part: set(getattr(self, part).split()) for part in parts}}


def shape(step: Transition[Any, Any]) -> dict[str, Any]:
    """Everything of a step that changes what it does, as sets of words."""
    second = step.second
    hangs = "?" if second and second.when else ""
    return {
        "to": "SAME" if step.target is SAME else str(step.target),
        "source": {str(s) for s in step.sources},
        "by": {str(r) for r in step.by},
        "second": {f"{r}{hangs}" for r in second.by} if second else set(),
        "asks": {f"{a.name}:{a.kind.value}{'' if a.required else '?'}" for a in step.asks},
        "rules": {r.name for r in step.rules},
        "does": {_effect(e) for e in step.effects},
        "marks": {m for m in ("escape", "reopens", "timed") if getattr(step, m)},
    }


def work(stage: Stage[Any]) -> tuple[str, ...] | None:
    """The task of a state: role, when due, the step that ends it, whose it is, whom it waits for."""
    if stage.work is None:
        return None
    given = stage.work
    return (str(given.role), _due(given.due), given.verb, given.holder or "", given.waiting_for or "")


def _due(due: Due) -> str:
    match due:
        case Within(limit=limit):
            return f"within {limit.name}"
        case Before(column=column, limit=limit):
            return f"{limit.name} before {column}"
        case On(column=column):
            return f"on {column}"
        case ByClock(clock=clock):
            return f"clock {clock}"
        case _:
            assert_never(due)


def _effect(effect: Effect) -> str:  # noqa: C901 - one flat match over the effects
    match effect:
        case StartClock(name=name, when=when):
            return f"+{name}{'?' if when else ''}"
        case StopClock(name=name):
            return f"-{name}"
        case PauseClock(name=name):
            return f"~{name}"
        case ResumeClock(name=name):
            return f"^{name}"
        case ExtendClock(name=name, by=by):
            return f"*{name}:{by.name}"
        case RecomputeClock(name=name):
            return f"!{name}"
        case Keep(answer=answer, column=column):
            return f"{answer}>{column}"
        case Seal(answer=answer, column=column):
            return f"{answer}>>{column}"
        case Put(column=column, value=value):
            return f"{column}={value}"
        case Stamp(column=column):
            return f"@{column}"
        case Renew():
            return "renew"
        case SendToAgency():
            return "send"
        case Letter(name=name, to=to):
            return f"letter:{name}>{to}"
        case Notify(role=role, within=within):
            return f"notice:{role}{f':{within.name}' if within else ''}"
        case _:
            assert_never(effect)
