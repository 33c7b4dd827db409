"""A fresh database: real or a demonstration for life, the first administrator, accounts by command."""

from __future__ import annotations

import re

import pytest

from tests.cast import MONDAY
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.people import queries
from workflow.people.commands import init_command, user
from workflow.people.models import Office
from workflow.people.office import claim, office, set_up
from workflow.people.signing import DemonstrationAccount, demonstration_accounts

ANSWERS = """
name = "Office of Plumb Lines"
address = "1 Plumb Street\\nPlumbville"
zone = "America/Chicago"
contact = "(555) 010-0100"
administrator_email = "first@office.test"
administrator_name = "Fay First"
"""


@pytest.fixture
def run(empty):
    runner = empty.test_cli_runner()
    return lambda command, *args, **more: runner.invoke(command, args, **more)


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.toml"
    path.write_text(ANSWERS)
    return str(path)


def link_in(output):
    found = re.search(r"http://localhost(/invitation/\S+)", output)
    assert found
    return found[1]


def test_an_office_begins_with_its_first_administrator(run, answers, empty):
    result = run(init_command, "--answers", answers)

    assert result.exit_code == 0
    assert (office().name, office().zone, office().is_demonstration) == (
        "Office of Plumb Lines",
        "America/Chicago",
        False,
    )
    browser = empty.test_client()
    new = "seven green lanterns hang"
    assert browser.send(link_in(result.output), {"new_password": new, "again": new}).status_code == 302
    assert browser.get("/people").status_code == 200
    assert queries.by_email("first@office.test").held == {Role.ADMINISTRATOR}


def test_it_asks_what_it_is_not_told(run, empty):
    typed = "Office of Plumb Lines\n\n\n\nfirst@office.test\nFay First\n"

    result = run(init_command, input=typed)

    assert result.exit_code == 0
    assert office().zone == "America/New_York"


def test_an_office_is_set_up_once(run, answers):
    run(init_command, "--answers", answers)

    again = run(init_command, "--answers", answers)

    assert again.exit_code == 1
    assert "already the one of Office of Plumb Lines" in again.output


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"America/Chicago"', '"Mars/Olympus"'), "time zone"),
        (('"first@office.test"', '"nobody"'), "not an e-mail address"),
        (('name = "Office of Plumb Lines"', 'name = ""'), "does not answer: name"),
    ],
)
def test_answers_that_cannot_be_leave_nothing_behind(run, answers, tmp_path, change, says):
    (tmp_path / "answers.toml").write_text(ANSWERS.replace(*change))

    result = run(init_command, "--answers", answers)

    assert result.exit_code == 1
    assert says in result.output
    assert office() is None or not office().name
    (tmp_path / "answers.toml").write_text(ANSWERS)
    assert run(init_command, "--answers", answers).exit_code == 0


def test_a_demonstration_stays_one(run, answers):
    claim(is_demonstration=True, now=MONDAY)

    result = run(init_command, "--answers", answers)

    assert result.exit_code == 1
    assert "a demonstration, which it stays" in result.output


def test_a_real_office_stays_real(empty):
    claim(is_demonstration=False, now=MONDAY)

    with pytest.raises(Refused, match="real office, which it stays"):
        claim(is_demonstration=True, now=MONDAY)
    assert claim(is_demonstration=False, now=MONDAY).id == 1


def test_what_an_import_claimed_can_still_be_named(empty):
    claim(is_demonstration=False, now=MONDAY)

    set_up(name="Late Office", address="", zone="America/Denver", contact="", now=MONDAY)

    assert session().get(Office, 1).name == "Late Office"


def test_accounts_are_made_and_ended_by_command(run, answers, empty):
    run(init_command, "--answers", answers)

    added = run(user, "add", "nora@office.test", "--name", "Nora", "--role", "reviewer", "--role", "manager")
    assert added.exit_code == 0
    assert queries.by_email("nora@office.test").held == {Role.REVIEWER, Role.MANAGER}

    assert run(user, "off", "nora@office.test").exit_code == 0
    session().expire_all()
    assert not queries.by_email("nora@office.test").active


def test_commands_say_what_is_wrong(run, answers):
    run(init_command, "--answers", answers)

    assert run(user, "off", "nobody@office.test").exit_code == 1
    assert run(user, "add", "x@office.test", "--name", "X", "--office", "Nowhere").exit_code == 2
    assert run(user, "add", "x@office.test", "--name", "X", "--role", "wizard").exit_code == 2
    assert run(user, "add", "nobody", "--name", "X").exit_code == 1
    assert run(user, "off", "first@office.test").exit_code == 1


def test_a_public_page_without_an_office_says_that_nobody_reads_it(empty):
    page = empty.test_client().get("/")

    assert "No office has been set up here yet. Nothing sent here reaches anyone." in page.text


def test_every_page_of_a_demonstration_says_so(empty):
    claim(is_demonstration=True, now=MONDAY)
    browser = empty.test_client()

    for path in ("/", "/login", "/nothing/here"):
        assert "This is a demonstration office" in browser.get(path).text
    assert "Nothing sent here reaches anyone." in browser.get("/").text


def test_a_real_office_shows_no_demonstration(client):
    page = client.get("/")

    assert "demonstration" not in page.text
    assert "reaches anyone" not in page.text


def test_only_a_demonstration_prints_its_accounts(empty, client):
    hook = lambda: [DemonstrationAccount("Dora Demo", "Reviewer", "dora@demo.test", "open sesame please")]  # noqa: E731
    demonstration_accounts.append(hook)
    try:
        assert "Dora Demo" not in client.get("/login").text
        claim(is_demonstration=True, now=MONDAY)
        assert "open sesame please" in empty.test_client().get("/login").text
    finally:
        demonstration_accounts.remove(hook)


def test_nothing_looks_like_an_official_site(client):
    page = client.get("/").text.casefold()

    assert "official" not in page
    assert "usa-banner" not in page
