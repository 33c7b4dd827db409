"""The questions of the public report, their order, and what their answers say. No form and no page here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from workflow.complaints.safe_ways import WAYS
from workflow.complaints.service import Told
from workflow.web.identifiers import looks_like_identifier
from workflow.web.language import LANGUAGES

Answers: TypeAlias = Mapping[str, str]

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


#: Fields in which one of several is chosen.
_CHOSEN: Final = frozenset({"month", "agency_id", "reprisal", "reachable", "language", *WAYS})


@dataclass(frozen=True, slots=True)
class Question:
    """One page: its name, the fields it answers, and whether it is asked after these answers."""

    name: str
    fields: tuple[str, ...]
    applies: Callable[[Answers], bool] = lambda _answers: True

    @property
    def written(self) -> tuple[str, ...]:
        """The fields that hold words of the complainant; the others hold what was chosen."""
        return tuple(name for name in self.fields if name not in _CHOSEN)


def is_reachable(answers: Answers) -> bool:
    """Whether the complainant chose to be reached."""
    return answers.get("reachable") == "yes"


QUESTIONS: Final = (
    Question("what", ("narrative",)),
    Question("when", ("month", "day", "year", "about")),
    Question("where", ("place",)),
    Question("agency", ("agency", "agency_id")),
    Question("officers", ("officers",)),
    Question("witnesses", ("witnesses",)),
    Question("reprisal", ("reprisal",)),
    Question("remedy", ("remedy",)),
    Question("documents", ()),
    Question("contact", ("reachable", "name", "reach")),
    Question("safe", (*WAYS, "safe"), is_reachable),
    Question("language", ("language", "other_language")),
)
#: How many pages of questions there are; they are numbered from 1.
LAST: Final = len(QUESTIONS)


def question(number: int) -> Question | None:
    """The question of a page."""
    return QUESTIONS[number - 1] if 1 <= number <= LAST else None


def after(number: int, answers: Answers) -> int | None:
    """The page that follows one; None after the last."""
    return next((n for n in range(number + 1, LAST + 1) if QUESTIONS[n - 1].applies(answers)), None)


def before(number: int, answers: Answers) -> int | None:
    """The page before one; None before the first."""
    return next((n for n in range(number - 1, 0, -1) if QUESTIONS[n - 1].applies(answers)), None)


def number_of(name: str) -> int:
    """The page of a question."""
    return next(n for n, each in enumerate(QUESTIONS, start=1) if each.name == name)


def missing(answers: Answers) -> int | None:
    """The page of the first required question without an answer."""
    return None if answers.get("narrative") else number_of("what")


def holding_number(asked: Question, answers: Answers) -> bool:
    """Whether what was written there looks like a number or a birth date of a person.

    How to reach the complainant is not looked at: a telephone number belongs there.
    """
    return any(looks_like_identifier(answers.get(n) or "") for n in asked.written if n != "reach")


def told_of(answers: Answers, *, documents: tuple[str, ...] = (), holder: str = "", apart: str = "") -> Told:
    """What the answers say, for the one function that takes complaints in."""
    words = {
        "narrative": answers.get("narrative", ""),
        "when": when_words(answers),
        "where": answers.get("place", ""),
        "who": who_words(answers),
        "agency": answers.get("agency", ""),
        "remedy": answers.get("remedy", ""),
        "language": language_words(answers),
    }
    contact = {name: answers.get(name, "") for name in ("name", "reach", "safe", *WAYS)}
    afraid = answers.get("reprisal") == "yes"
    day, about = day_of(answers)
    chosen = answers.get("agency_id", "")
    return Told(
        channel="web",
        words={name: said for name, said in words.items() if said},
        contact={name: said for name, said in contact.items() if said} if is_reachable(answers) else {},
        allegations=("retaliation",) if afraid else (),
        agency_id=int(chosen) if chosen.isdigit() else None,
        occurred_on=day,
        occurred_about=about,
        fears_reprisal=afraid,
        documents=documents,
        holder=holder,
        apart=apart,
    )


def day_of(answers: Answers) -> tuple[date | None, str | None]:
    """The first day it can have been, and how exactly that is known: nothing, `month` or `year`."""
    year, month, number = (answers.get(name, "") for name in ("year", "month", "day"))
    if not year:
        return None, None
    about = None if month and number else "month" if month else "year"
    return date(int(year), int(month or 1), int(number or 1) if month else 1), about


def when_words(answers: Answers) -> str:
    """When it happened, as staff read it: the date as far as it is known, then the complainant's words."""
    year, month, number = (answers.get(name, "") for name in ("year", "month", "day"))
    dated = " ".join(piece for piece in (number, MONTHS[int(month) - 1] if month else "", year) if piece)
    return "; ".join(piece for piece in (dated, answers.get("about", "")) if piece)


def who_words(answers: Answers) -> str:
    """The officers, then whoever else saw it."""
    seen = answers.get("witnesses", "")
    pieces = (answers.get("officers", ""), f"Who else saw it: {seen}" if seen else "")
    return "\n\n".join(piece for piece in pieces if piece)


def language_words(answers: Answers) -> str:
    """The language the complainant wants to be answered in, as staff call it."""
    chosen = answers.get("language", "")
    named = {"en": "English", "es": "Spanish"}
    assert set(named) == {code for code, _name in LANGUAGES}
    return named.get(chosen, answers.get("other_language", ""))
