"""Looking at pages as somebody of the office, and remembering what stood on them. No test lives here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from flask import Flask, has_request_context, request
from sqlalchemy import Engine, event, select
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from tests.cast import CAST
from tests.house import office
from tests.house.visibility import KINDS, ROOM, sees
from tests.pages import PageClient, hidden_fields
from workflow.cases.models import Case
from workflow.db.session import db, session
from workflow.engine.actors import Actor

T = TypeVar("T")
REFERENCE: Final = re.compile(r"[ACGI]-2026-[0-9A-Z]{8}-[0-9A-Z]")
WORDS: Final = (
    *(v for v in vars(office).values() if isinstance(v, str) and v.startswith("planted ")),
    *sorted(office.CODES),
)
NOTHING: Final[Mapping[str, str]] = {}
NAMES: Final = tuple(person.name for person in CAST)
WRITE: Final = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
#: Rooms with pages for every kind of case.
HALLS: Final = ("cases", "corrections", "tasks", "recusals")
#: Rooms with pages for cases of one kind alone.
BESIDE: Final = {"complaint": ("documents",), "inspection": ("documents",)}
#: What stands for the other parts of an address where it is no matter whether there is such a verb or task.
WORD, NUMBER = "notify", 1
#: What stands there so that the page is there: a section of the checklist, a clock. An agreement has none.
A_PART_OF: Final = {
    "complaint": {"name": "resolve"},
    "inspection": {"name": "report", "area": "officers"},
    "corrective": {"name": "correct"},
    "agreement": {"name": "none"},
}
#: Pages of steps, proposals and tasks, which `steps` has tables for.
_OF_STEPS: Final = ("cases.take_step", "cases.confirm_step", "tasks.show", "tasks.take")
#: Pages of one child row, gone once it is ended: tested beside `followups` and `inquiry`.
_OF_CHILDREN: Final = (
    "followups.show",
    "followups.cancel",
    "inspections.decide_cause",
    "complaints.answer_request",
    "complaints.acknowledge_referral",
    "complaints.chase",
    "complaints.check_in",
    "complaints.decide_interim",
)
OF_STEPS: Final = (*_OF_STEPS, *_OF_CHILDREN)
#: What may change although somebody only looked.
OF_LOOKING: Final = ("rate_limit", "sign_in")


@dataclass(frozen=True)
class Seen:
    """What somebody saw at an address: the status, the cases it names, the planted words, the people."""

    status: int
    cases: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


@dataclass
class Looking:
    """The pages of an office that does not change."""

    app: Flask
    references: office.References
    _browsers: dict[Actor | None, PageClient] = field(default_factory=dict)
    _seen: dict[tuple[Actor | None, str], Seen] = field(default_factory=dict)
    _tokens: dict[Actor, str] = field(default_factory=dict)

    def browser(self, person: Actor | None) -> PageClient:
        """The browser of somebody who is signed in; None is a visitor."""
        if person not in self._browsers:
            self.app.test_client_class = PageClient
            made = self.app.test_client()
            assert isinstance(made, PageClient)
            if person is not None:
                made.sign_in(person)
            made.checks = False
            self._browsers[person] = made
        return self._browsers[person]

    def get(self, person: Actor | None, path: str) -> TestResponse:
        return self.browser(person).get(path)

    def at(self, person: Actor | None, path: str) -> Seen:
        """What somebody sees at an address, asked for once."""
        key = (person, path)
        if key not in self._seen:
            answer = self.get(person, path)
            text = answer.get_data().decode("utf-8", "replace")  # papers are bytes
            self._seen[key] = Seen(
                answer.status_code,
                frozenset(REFERENCE.findall(text)),
                frozenset(w for w in WORDS if w in text),
                frozenset(n for n in NAMES if n in text),
            )
        return self._seen[key]

    def post(self, person: Actor, path: str, answers: Mapping[str, str] = NOTHING) -> TestResponse:
        """Send a form from a page that was drawn when the case was new."""
        browser = self.browser(person)
        if person not in self._tokens:
            self._tokens[person] = hidden_fields(browser.get("/account").text)["csrf_token"]
        return browser.post(path, data={"csrf_token": self._tokens[person], "seen": "1", **answers})

    def addresses(self, kind: str, reference: str, method: str = "GET", **parts: str) -> dict[str, str]:
        """Every address at which a case of a kind is named, by endpoint; `parts` stand for the rest of it."""
        adapter = self.app.url_map.bind("localhost")
        found = {}
        for rule in self.app.url_map.iter_rules():
            # A page under an agreement is the inspections' and calls it by another name.
            name = "agreement" if "agreement" in rule.arguments else "reference"
            rooms = ("inspections",) if name == "agreement" else (*HALLS, ROOM[kind], *BESIDE.get(kind, ()))
            if rule.endpoint.partition(".")[0] not in rooms or (name == "agreement" and kind != name):
                continue
            if name in rule.arguments and method in (rule.methods or ()):
                others = {
                    part: NUMBER if isinstance(converter, IntegerConverter) else parts.get(part, WORD)
                    for part, converter in rule._converters.items()
                    if part != name
                }
                found[rule.endpoint] = adapter.build(
                    rule.endpoint, {name: reference, **others}, method=method
                )
        return found

    def shown_to(self, person: Actor, *kinds: str) -> set[str]:
        """The references of every case somebody is to see, of these kinds or of all."""
        return {
            reference
            for kind in kinds or KINDS
            for sort, reference in self.references[kind].items()
            if sort in sees(person, kind)
        }

    @property
    def is_sampled(self) -> bool:
        """On PostgreSQL a tenth is looked at: the pages are the same, only the queries could differ."""
        with self.app.app_context():
            return db.engine.dialect.name != "sqlite"

    def some(self, person: Actor, cells: Sequence[T]) -> Sequence[T]:
        """All of them, or a tenth; which one differs from person to person."""
        return cells[person.id % 10 :: 10] if self.is_sampled else cells

    def case(self, kind: str, sort: str, read: Callable[[Case], T]) -> T:
        """Something of a case, whoever asks."""
        with self.app.app_context():
            found = select(Case).where(Case.reference == self.references[kind][sort])
            return read(session().scalars(found).one())

    def tasks(self, kind: str, sort: str, *, of_state: bool = False) -> list[str]:
        """The addresses of the open tasks of a case; of that of its state alone, if asked so."""

        def numbers(case: Case) -> list[int]:
            is_open = [t for t in case.tasks if t.closed_at is None]
            return [t.number for t in is_open if t.kind == case.state or not of_state]

        found = self.case(kind, sort, numbers)
        return [f"/cases/{self.references[kind][sort]}/tasks/{number}/" for number in found]


@contextmanager
def only_looking(engine: Engine) -> Iterator[None]:
    """Whatever a page writes while it is only read fails the test, whether or not the application noticed."""

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written = WRITE.match(statement)
        reading = has_request_context() and request.method in ("GET", "HEAD")
        if reading and written and written[1] not in OF_LOOKING:
            raise AssertionError(f"reading {request.path} changes {written[1]}")

    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", watch)
