"""Who sees which case, through every page there is: hidden and missing must be the same answer.

What is expected stands in `visibility`, written down by hand from the architecture.
"""

from __future__ import annotations

import re

import pytest

from tests.cast import ADA, CARL, PETE, SAM, SUE
from tests.house.looking import A_PART_OF, OF_STEPS, Looking
from tests.house.office import AGENCIES
from tests.house.test_access_marks import EXPECTED
from tests.house.visibility import (
    ABOUT_SAM,
    ALL,
    ELSEWHERE,
    KINDS,
    MISSING,
    NOWHERE,
    ONE_OF_A_ROLE,
    OTHERS,
    OWN,
    PEOPLE,
    READS_DOCUMENTS,
    RECUSED,
    ROOM,
    UNSENT,
    sees,
    shut,
)
from workflow.cases.access import visible
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.web.access import may_open

every_person = pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.name)


def told(answer, *references):
    """What an answer says, apart from what differs by chance."""
    words = answer.text
    for reference in references:
        words = words.replace(reference, "…")
    words = re.sub(r'(name="csrf_token"\s+value=)"[^"]*"', r"\1", words)
    words = re.sub(r'class="reference">[0-9A-Z]{8}<', 'class="reference"><', words)
    return answer.status_code, words


def hidden_from(looking: Looking, person: Actor) -> list[tuple[str, str]]:
    """The (kind, reference) of every case somebody must not see."""
    return [
        (kind, reference)
        for kind in KINDS
        for sort, reference in looking.references[kind].items()
        if sort not in sees(person, kind)
    ]


# --- one case -------------------------------------------------------------------------------------


@every_person
def test_hidden_and_missing_are_the_same_answer_on_every_page(looking, person):
    missing = {}
    for kind, reference in looking.some(person, hidden_from(looking, person)):
        for endpoint, path in looking.addresses(kind, reference).items():
            if (kind, endpoint) not in missing:
                other = looking.addresses(kind, MISSING[kind])[endpoint]
                missing[kind, endpoint] = told(looking.get(person, other), MISSING[kind])
            hidden = looking.get(person, path)

            expected = 404 if may_open(person.roles, EXPECTED[endpoint]) else shut(person)
            assert hidden.status_code == expected, f"{person.name} at {path}"
            assert told(hidden, reference) == missing[kind, endpoint], f"{person.name} at {path}"


@every_person
def test_hidden_and_missing_are_the_same_answer_to_every_form(looking, person):
    missing = {}
    for kind, reference in looking.some(person, hidden_from(looking, person)):
        for endpoint, path in looking.addresses(kind, reference, "POST").items():
            if (kind, endpoint) not in missing:
                other = looking.addresses(kind, MISSING[kind], "POST")[endpoint]
                missing[kind, endpoint] = told(looking.post(person, other), MISSING[kind])
            hidden = looking.post(person, path)

            expected = 404 if may_open(person.roles, EXPECTED[endpoint]) else shut(person)
            assert hidden.status_code == expected, f"{person.name} at {path}"
            assert told(hidden, reference) == missing[kind, endpoint], f"{person.name} at {path}"


@every_person
def test_what_one_may_see_one_can_open(looking, person):
    for kind in KINDS:
        may = may_open(person.roles, EXPECTED[f"{ROOM[kind]}.show"])
        for sort in looking.some(person, sorted(sees(person, kind) & set(looking.references[kind]))):
            reference = looking.references[kind][sort]

            assert looking.at(person, f"/{ROOM[kind]}/{reference}").status == (200 if may else shut(person))
            assert looking.at(person, f"/cases/{reference}").status == 302


@pytest.mark.parametrize("person", ONE_OF_A_ROLE, ids=lambda p: p.name)
def test_every_page_of_an_own_case_opens_to_its_roles(looking, person):
    for kind in KINDS:
        pages = looking.addresses(kind, looking.references[kind][OWN], **A_PART_OF[kind])
        for endpoint, path in looking.some(person, sorted(pages.items())):
            if endpoint in OF_STEPS or (kind, endpoint) == ("agreement", "cases.explain_clock"):
                continue
            opens = may_open(person.roles, EXPECTED[endpoint])
            there = 302 if endpoint == "cases.show" else 200

            is_there = OWN in sees(person, kind)
            if endpoint.startswith("documents."):
                is_there = is_there and person in READS_DOCUMENTS[kind]
            expected = shut(person) if not opens else there if is_there else 404
            assert looking.at(person, path).status == expected, path


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_one_kind_shows_no_case_of_another(looking, kind):
    for other in set(KINDS) - {kind}:
        assert looking.at(SUE, f"/{ROOM[kind]}/{looking.references[other][OWN]}").status == 404


def test_a_visitor_is_asked_to_sign_in_whether_or_not_there_is_such_a_case(looking):
    for kind in KINDS:
        for reference in (looking.references[kind][OWN], MISSING[kind]):
            for path in looking.addresses(kind, reference, "GET").values():
                answer = looking.get(None, path)

                assert (answer.status_code, answer.location) == (302, f"/login?next={path}")


def test_one_who_runs_the_programme_sees_no_case_about_their_own_supervision_either(looking):
    both = Actor(SAM.id, SAM.name, frozenset({Role.FIELD_SUPERVISOR, Role.PROGRAMME_MANAGER}), SAM.offices)
    about_sam = {looking.references[kind][ABOUT_SAM] for kind in KINDS}

    with looking.app.app_context():
        found = {case.reference for case in session().scalars(visible(both))}

    # Pete runs the programme and is recused from nothing.
    assert found == looking.shown_to(PETE) - about_sam


@pytest.mark.parametrize("person", ONE_OF_A_ROLE, ids=lambda p: p.name)
def test_a_page_without_a_case_opens_to_its_roles(looking, person):
    rules = sorted(looking.app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
    plain = [rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]
    plain = [rule for rule in plain if rule.endpoint != "health.ready"]  # never, without migrations
    for rule in looking.some(person, plain):
        opens = may_open(person.roles, EXPECTED[rule.endpoint])

        assert looking.at(person, rule.rule).status in ((200, 302) if opens else (shut(person),)), rule.rule


@pytest.mark.parametrize("person", ONE_OF_A_ROLE, ids=lambda p: p.name)
def test_a_page_of_an_agency_opens_to_its_roles(looking, person):
    rules = sorted(looking.app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
    for rule in looking.some(person, [rule for rule in rules if rule.arguments == {"slug"}]):
        opens = may_open(person.roles, EXPECTED[rule.endpoint])
        there, missing = (rule.rule.replace("<slug>", slug) for slug in (AGENCIES[0], "nowhere-ga"))

        assert looking.at(person, there).status == (200 if opens else shut(person))
        assert looking.at(person, missing).status == (404 if opens else shut(person))


# --- pages that show many -------------------------------------------------------------------------

#: The sorts of cases of each agency; the complaint of no office is about none that is known.
OF_AGENCY = dict(
    zip(AGENCIES, ({OWN, UNSENT, ABOUT_SAM, RECUSED}, {OTHERS}, {ELSEWHERE}, {NOWHERE}), strict=True)
)


@every_person
def test_a_list_holds_what_one_may_see_and_nothing_more(looking, person):
    for kind, room in looking.some(person, list(ROOM.items())):
        page = looking.at(person, f"/{room}")
        closed = person is ADA or (person is CARL and kind in ("complaint", "agreement"))

        assert page.status == (shut(person) if closed else 200)
        assert page.cases == looking.shown_to(person, kind), room


@every_person
def test_a_search_finds_what_one_may_see_and_nothing_more(looking, person):
    if person in (ADA, CARL):
        assert looking.at(person, "/search?q=Alder").status == shut(person)
        return
    alder = {
        reference
        for kind in KINDS
        for sort, reference in looking.references[kind].items()
        if sort in OF_AGENCY[AGENCIES[0]] and (kind, sort) != ("corrective", UNSENT)
    }

    assert looking.at(person, "/search?q=Alder").cases == looking.shown_to(person) & alder
    for kind, reference in looking.some(person, hidden_from(looking, person)):
        hidden = looking.get(person, f"/search?q={reference}")
        missing = looking.get(person, f"/search?q={MISSING[kind]}")
        assert told(hidden, reference) == told(missing, MISSING[kind])


@every_person
def test_the_page_of_an_agency_names_its_cases_as_far_as_one_sees_them(looking, person):
    for slug, sorts in looking.some(person, list(OF_AGENCY.items())):
        page = looking.at(person, f"/agencies/{slug}")
        mine = {
            reference
            for kind in KINDS
            for sort, reference in looking.references[kind].items()
            if sort in sorts & sees(person, kind) and (kind, sort) != ("complaint", NOWHERE)
        }

        assert (page.status, page.cases) == (
            (shut(person), frozenset()) if person in (ADA, CARL) else (200, mine)
        )


@every_person
def test_the_plan_names_agreements_and_inspections_as_far_as_one_sees_them(looking, person):
    page = looking.at(person, "/planning")
    if person.roles.isdisjoint({Role.FIELD_SUPERVISOR, Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}):
        assert page.status == shut(person)
        return
    # Nothing is owed under the model of the agreement about Sam; routine inspections are open for two others.
    owing = {looking.references["agreement"][sort] for sort in ALL - {UNSENT, ABOUT_SAM}}
    opened = {looking.references["inspection"][sort] for sort in (RECUSED, NOWHERE)}

    assert page.cases == (owing | opened) & looking.shown_to(person)


@every_person
def test_figures_count_what_one_may_see(looking, person):
    if person.roles.isdisjoint({Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}):
        assert looking.at(person, "/figures").status == shut(person)
        assert looking.at(person, "/figures/closure-times").status == shut(person)
        return
    for kind in ("complaint", "inspection", "corrective"):
        page = looking.get(person, f"/figures/closure-times?kind={kind}").text
        found = re.search(r'<td class="number">(\d+)</td>', page)

        assert found, page
        assert int(found[1]) == len(looking.shown_to(person, kind))
