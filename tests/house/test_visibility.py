"""Who sees which case, through every page there is: hidden and missing must be the same answer.

The table below is written down by hand from the architecture; it is not derived from the code.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update
from werkzeug.routing import IntegerConverter

from tests.cast import (
    ADA,
    ALDER,
    ANN,
    ATLANTA,
    AUDRA,
    BOB,
    BOSTON,
    CARL,
    HAL,
    IRIS,
    LEO,
    MAX,
    MONDAY,
    PAM,
    RUTH,
    SAM,
    SUE,
)  # fmt: skip
from workflow.cases.models import Case
from workflow.cases.recusals import Recusal
from workflow.complaints.service import Told, receive
from workflow.db.session import session, transaction
from workflow.register.models import Agency
from workflow.web.access import mark_of, may_open

OWN, ELSEWHERE, ABOUT_SAM, NOT_RUTHS = "own", "elsewhere", "about sam", "not ruth's"
HERE = {OWN, ABOUT_SAM, NOT_RUTHS}
ALL = HERE | {ELSEWHERE}

#: Complaints each person sees: in Atlanta, in Boston, about Sam's own supervision, with Ruth recused.
SEES = {
    ANN: ALL,
    RUTH: ALL - {NOT_RUTHS},
    LEO: ALL,
    SAM: HERE - {ABOUT_SAM},
    SUE: HERE,
    IRIS: HERE,
    MAX: HERE,
    BOB: {ELSEWHERE},
    HAL: set(),
    PAM: ALL,
    AUDRA: ALL,
    ADA: set(),
    CARL: set(),
}
MISSING = "C-2026-00000000-0"
#: What stands for the other parts of an address; whether there is such a verb, task or clock is no matter.
WORD, NUMBER = "acknowledge", 1


@pytest.fixture
def references(app):
    """One complaint of each sort, by what is special about it."""
    with app.app_context():
        with transaction() as writing:
            boston = Agency(
                slug="cedar-county-ma",
                name="Cedar County Sheriff's Office",
                comparable="cedar county sheriff's office",
                state="Massachusetts",
                office_id=BOSTON,
            )
            writing.add(boston)
            writing.flush()
            agencies = {OWN: ALDER, ABOUT_SAM: ALDER, NOT_RUTHS: ALDER, ELSEWHERE: boston.id}
        found = {}
        for sort, agency in agencies.items():
            told = Told(channel="telephone", words={"narrative": "Words."}, agency_id=agency)
            house = app.extensions["house"]
            found[sort] = receive(
                house, told, ANN, pepper=bytes(range(32)), form_key=f"key of {sort}", now=MONDAY
            ).reference
        with transaction() as writing:
            writing.execute(
                update(Case).where(Case.reference == found[ABOUT_SAM]).values(supervised_by_id=SAM.id)
            )
            case = writing.scalars(select(Case).where(Case.reference == found[NOT_RUTHS])).one()
            writing.add(
                Recusal(
                    case_id=case.id, person_id=RUTH.id, declared_by_id=RUTH.id, reason="relative", at=MONDAY
                )
            )
        assert case.office_id == ATLANTA
        session().remove()
        return found


def addresses(app, reference, method):
    """Every address that names a case, with its endpoint."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "reference" in rule.arguments and method in (rule.methods or ()):
            parts = {
                name: NUMBER if isinstance(converter, IntegerConverter) else WORD
                for name, converter in rule._converters.items()
                if name != "reference"
            }
            yield (
                rule.endpoint,
                adapter.build(rule.endpoint, {"reference": reference, **parts}, method=method),
            )


def told(answer, *references):
    """What an answer says, apart from what differs by chance."""
    words = answer.text
    for reference in references:
        words = words.replace(reference, "…")
    words = re.sub(r'(name="csrf_token"\s+value=)"[^"]*"', r"\1", words)
    words = re.sub(r'class="reference">[0-9A-Z]{8}<', 'class="reference"><', words)
    return answer.status_code, words


@pytest.mark.parametrize("person", list(SEES), ids=lambda p: p.name)
def test_hidden_and_missing_are_the_same_answer_on_every_page(app, references, sign_in, person):
    browser = sign_in(person)
    for sort in ALL - SEES[person]:
        reference = references[sort]
        pages = dict(addresses(app, MISSING, "GET"))
        for endpoint, path in addresses(app, reference, "GET"):
            hidden, missing = browser.get(path), browser.get(pages[endpoint])

            assert hidden.status_code in (403, 404), f"{person.name} sees {sort} at {path}"
            assert told(hidden, reference) == told(missing, MISSING), f"{person.name}: {path}"


@pytest.mark.parametrize("person", list(SEES), ids=lambda p: p.name)
def test_hidden_and_missing_are_the_same_answer_to_every_form(app, references, sign_in, person):
    browser = sign_in(person)
    token = re.search(r'name="csrf_token"\s+value="([^"]+)"', browser.get("/account").text)
    assert token
    data = {"csrf_token": token[1], "seen": "1"}
    for sort in ALL - SEES[person]:
        reference = references[sort]
        forms = dict(addresses(app, MISSING, "POST"))
        for endpoint, path in addresses(app, reference, "POST"):
            hidden, missing = browser.post(path, data=data), browser.post(forms[endpoint], data=data)

            assert hidden.status_code in (403, 404), f"{person.name} reached {sort} at {path}"
            assert told(hidden, reference) == told(missing, MISSING), f"{person.name}: {path}"


@pytest.mark.parametrize("person", list(SEES), ids=lambda p: p.name)
def test_what_one_may_see_one_can_open(app, references, sign_in, person):
    browser = sign_in(person)
    may = may_open(person.roles, mark_of(app, "complaints.show"))

    for sort in SEES[person]:
        assert browser.get(f"/complaints/{references[sort]}").status_code == (200 if may else 403)


@pytest.mark.parametrize("person", list(SEES), ids=lambda p: p.name)
def test_lists_and_searches_hold_what_one_may_see_and_nothing_more(app, references, sign_in, person):
    browser = sign_in(person)
    pages = {
        endpoint: browser.get(path)
        for endpoint, path in (("complaints.index", "/complaints"), ("queue.show", "/queue"))
    }

    for sort, reference in references.items():
        if sort in SEES[person]:
            assert pages["complaints.index"].status_code == 403 or reference in pages["complaints.index"].text
            continue
        for endpoint, page in pages.items():
            assert reference not in page.text, f"{person.name} reads of {sort} at {endpoint}"
        hidden = browser.get(f"/search?q={reference}", follow_redirects=True)
        missing = browser.get(f"/search?q={MISSING}", follow_redirects=True)
        assert told(hidden, reference) == told(missing, MISSING)
