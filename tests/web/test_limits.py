"""Throttling: who tries too often waits, and nobody can lock somebody else out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import MONDAY, PASSWORD, SAM, email_of
from workflow.db.session import session
from workflow.web.errors import TooMany
from workflow.web.limits import ACCOUNT, Key, Limit, RateLimit, claim, forgive

FEW = Limit("few", 3, timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=5))


@pytest.fixture
def key(ctx):
    return Key(FEW, "somebody")


def tries(key, count, now=MONDAY):
    for _ in range(count):
        claim(key, now=now)


def test_the_first_tries_cost_nothing(key):
    tries(key, 3)

    [kept] = session().scalars(select(RateLimit)).all()
    assert (kept.tries, kept.free_at) == (3, MONDAY + FEW.wait_after(3))


def test_each_further_try_doubles_the_wait_up_to_a_ceiling():
    waits = [FEW.wait_after(n).total_seconds() for n in range(1, 8)]

    assert waits == [0, 0, 2, 4, 8, 10, 10]


def test_who_does_not_wait_is_told_how_long(key):
    tries(key, 3)

    with pytest.raises(TooMany) as refused:
        claim(key, now=MONDAY + timedelta(seconds=1))
    assert refused.value.wait == timedelta(seconds=1)


def test_a_refused_try_makes_the_wait_no_longer(key):
    tries(key, 3)
    for _ in range(5):
        with pytest.raises(TooMany):
            claim(key, now=MONDAY)

    claim(key, now=MONDAY + timedelta(seconds=2))


def test_a_right_try_is_forgiven(key):
    tries(key, 3)
    forgive(key)

    assert session().scalars(select(RateLimit)).all() == []
    tries(key, 3)


def test_old_tries_are_forgotten_and_removed(key):
    tries(key, 3)

    claim(Key(FEW, "another"), now=MONDAY + timedelta(minutes=6))

    assert len(session().scalars(select(RateLimit)).all()) == 1


def test_no_key_is_kept_as_it_is(key):
    tries(key, 1)

    [kept] = session().scalars(select(RateLimit.key)).all()
    assert "somebody" not in kept
    assert len(kept) == 64


def fail(browser, count, email):
    return [
        browser.send("/login", {"email": email, "password": "wrong words here"}).status_code
        for _ in range(count)
    ]


def test_guessing_is_slowed_down(client):
    assert fail(client, ACCOUNT.free, email_of(SAM)) == [422] * ACCOUNT.free

    page = client.send("/login", {"email": email_of(SAM), "password": "wrong words here"})

    assert page.status_code == 429
    assert page.headers["Retry-After"] == "2"
    assert "You can try again in 2 seconds." in page.text


def test_who_has_to_wait_keeps_the_address_and_never_the_password(client):
    fail(client, ACCOUNT.free, email_of(SAM))

    page = client.send("/login?next=/queue", {"email": email_of(SAM), "password": "wrong words here"})

    assert page.status_code == 429
    assert "<h1>Sign in</h1>" in page.text
    assert f'value="{email_of(SAM)}"' in page.text
    assert 'value="/queue"' in page.text
    assert "wrong words here" not in page.text


@pytest.mark.parametrize(
    ("seconds", "says"), [(0.2, "a second"), (1.5, "2 seconds"), (119, "119 seconds"), (120, "2 minutes")]
)
def test_the_wait_is_said_in_words(seconds, says):
    assert TooMany(timedelta(seconds=seconds)).says == f"You can try again in {says}."


def test_an_account_that_is_not_there_is_slowed_down_just_as_well(client):
    assert fail(client, ACCOUNT.free + 1, "nobody@office.test")[-1] == 429


def test_nobody_is_locked_out_by_the_failures_of_others(sign_in, client):
    at_home = sign_in(SAM)
    at_home.submit(at_home.get("/account"), {}, to="/logout")
    fail(client, ACCOUNT.free + 3, email_of(SAM))

    answer = at_home.send("/login", {"email": email_of(SAM), "password": PASSWORD})

    assert answer.status_code == 302


def test_even_from_a_strange_machine_the_wait_ends(client, clock):
    fail(client, 12, email_of(SAM))
    clock.now += ACCOUNT.most

    assert client.send("/login", {"email": email_of(SAM), "password": PASSWORD}).status_code == 302


def test_one_place_trying_many_accounts_is_slowed_down(client):
    answers = [fail(client, 1, f"person{n}@office.test")[0] for n in range(32)]

    assert answers[:30] == [422] * 30
    assert answers[-1] == 429
