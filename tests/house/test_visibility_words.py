"""What each person reads on all pages they can open: words planted in the office, other cases, names.

Reading is all that is done here; whatever a page writes meanwhile fails the test (`looking`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import ANN, AUDRA, CARL, IRIS, IVAN, LEO, MAX, MONA, PAM, PETE, RUTH, SAM, SUE
from tests.house import office
from tests.house.looking import A_PART_OF, NAMES, OF_STEPS, Looking
from tests.house.steps import PROPOSALS, whose
from tests.house.visibility import KINDS, ONE_OF_A_ROLE, OWN, ROOM, UNSENT, sees
from workflow.engine.actors import Actor

#: Those who look through everything: one of each role, and those for whom something is different.
READERS = (*ONE_OF_A_ROLE, SUE, IVAN, MONA, PETE)

ON_COMPLAINTS = {ANN, RUTH, LEO, MAX, MONA}
OVERSIGHT = {SAM, SUE, IRIS, IVAN, MAX, MONA, PAM, PETE, AUDRA}
#: Who reads what, written down by hand. Of complaints supervisors, inspectors, headquarters and auditors read
#: no word, and nobody reads who complained without saying what for. Of the other kinds intake, reviewers and
#: liaison read a summary, and the agency what was sent to it.
READ = {
    office.NARRATIVE: ON_COMPLAINTS,
    office.IDENTITY: set(),
    office.WITNESS: set(),
    office.PLAN_OF_INVESTIGATION: ON_COMPLAINTS,
    office.EVIDENCE_OF_COMPLAINT: ON_COMPLAINTS,
    office.NAME_OF_DOCUMENT: ON_COMPLAINTS,
    # Handed out to be saved, to whoever sends the form for it; no page shows it.
    office.IN_DOCUMENT: set(),
    # On its own page, and word for word among the messages with the complainant.
    office.LETTER: ON_COMPLAINTS,
    # Danger and interpreter concern who speaks with whoever complained.
    office.DANGER: {ANN, RUTH},
    office.ASKED_OF_DANGER: {ANN, RUTH},
    office.INTERPRETER: {ANN, RUTH},
    office.CLOSING_ASKED: {MAX, MONA},
    office.WHY_BLOCKED: {MAX, MONA},
    office.NOTICE: OVERSIGHT | {CARL},
    office.REMARK: OVERSIGHT,
    office.NOTE: OVERSIGHT,
    office.EVIDENCE: OVERSIGHT | {CARL},
    office.DIFFERENCE: OVERSIGHT,
    office.INTERVIEW: OVERSIGHT,
    office.BRIEFING: OVERSIGHT,
    # The agency reads the text of the report in its PDF.
    office.REPORT: OVERSIGHT,
    office.COMMENT: OVERSIGHT | {CARL},
    office.ANSWER: OVERSIGHT | {CARL},
    # The inspection follows from a complaint, and Sam supervises the agreement: it may be about him.
    office.CAUSE: OVERSIGHT - {SAM},
    office.CANCELLING_ASKED: {MAX, MONA, PAM, PETE},
    office.PLAN: OVERSIGHT | {CARL},
    office.RETURNED: OVERSIGHT | {CARL},
    # On the page of the agency's task, which managers open too.
    office.MORE_TIME: {MAX, MONA, PAM, PETE},
    office.RISK_ASKED: {PAM, PETE},
    office.CONTACT: OVERSIGHT,
    office.SUSPENDING_ASKED: {PAM, PETE},
}

LISTS = (
    "/",
    "/account",
    "/queue",
    "/search?q=County",
    "/search?q=of",
    "/complaints",
    "/complaints/triage",
    "/complaints/search?q=county+or+interpreter",
    "/exports",
    "/complaints/new",
    "/complaints/letters",
    "/inspections",
    "/inspections/calendar?month=2026-01",
    "/inspections/calendar?month=2026-03",
    "/inspections/checklists",
    "/corrective",
    "/agreements",
    "/agencies",
    "/planning",
    "/planning/proposal?office=1&quarter=2026-1",
    "/planning/proposal?office=3&quarter=2026-2",
    "/account/leave",
    "/figures",
    "/figures/closure-times?by=agency",
    "/figures/closure-times?kind=inspection&by=office",
    "/figures/closure-times?kind=corrective&by=tier",
)
#: Under an agency, which everybody in the office can look up.
OF_AGENCIES = (
    "/agencies/{}",
    "/agencies/{}/merge",
    "/agencies/{}/split",
    "/agreements/apply/{}",
    "/agreements/register/{}",
)


def everything(looking: Looking, person: Actor) -> Iterator[str]:
    """The addresses of all pages somebody could read something on."""
    yield from LISTS
    yield from (page.format(slug) for slug in office.AGENCIES for page in OF_AGENCIES)
    for kind in KINDS:
        for sort in sorted(sees(person, kind) & set(looking.references[kind])):
            reference = looking.references[kind][sort]
            yield f"/{ROOM[kind]}/{reference}"
            yield f"/cases/{reference}/corrections/"
            if sort in (OWN, UNSENT):
                yield from _of_case(looking, kind, sort, person)


def _of_case(looking: Looking, kind: str, sort: str, person: Actor) -> Iterator[str]:
    reference = looking.references[kind][sort]
    pages = looking.addresses(kind, reference, **A_PART_OF[kind])
    yield from (path for endpoint, path in pages.items() if endpoint not in OF_STEPS)
    yield from (f"/cases/{reference}/{verb}" for verb, roles in whose(kind).items() if roles & person.roles)
    yield from (f"/cases/{reference}/confirm/{verb}" for k, s, verb in PROPOSALS if (k, s) == (kind, sort))
    for task in looking.tasks(kind, sort):
        yield from (task, f"{task}hand_over", f"{task}assign")


@pytest.mark.parametrize("person", READERS, ids=lambda p: p.name)
def test_each_reads_the_words_of_the_table_and_of_no_case_that_is_hidden(looking, person):
    pages = {path: looking.at(person, path) for path in looking.some(person, [*everything(looking, person)])}
    mine = looking.shown_to(person)
    allowed = {word for word, readers in READ.items() if person in readers}

    assert {page.status for page in pages.values()} <= {200, 302, 403, 404}
    assert {path: page.cases - mine for path, page in pages.items() if page.cases - mine} == {}
    assert {path: page.words - allowed for path, page in pages.items() if page.words - allowed} == {}
    assert looking.is_sampled or set().union(*(page.words for page in pages.values())) == allowed


def test_an_agency_reads_no_name_of_anybody_in_the_office(looking):
    pages = {path: looking.at(CARL, path).people - {CARL.name} for path in everything(looking, CARL)}

    assert {path: people for path, people in pages.items() if people} == {}


def test_an_agency_whose_page_got_old_reads_no_name_of_the_office_either(looking):
    reference = looking.references["corrective"][OWN]
    plan = {"position": "agree", "action": "Posters", "responsible": "The captain", "target_on": "2026-02-02"}

    answer = looking.post(CARL, f"/cases/{reference}/submit_plan", plan)

    assert answer.status_code == 409
    assert [name for name in NAMES if name in answer.text] == [CARL.name]
