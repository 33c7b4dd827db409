"""An authority that answers nobody any more is closed by a row of the policy, and nothing else changes."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.complaints.facts import State
from workflow.engine.machine import Refused
from workflow.policy.commands import close_command, open_command
from workflow.policy.queries import book, closed_channels, in_force

ANSWERS = {"destination": "crcl", "sent": "The nature of it.", "reason": "It is theirs."}


def test_a_closed_authority_takes_no_referral_and_says_why(ctx: Flask, house: House):
    reference = complaint_at(house, State.TRIAGED)
    before = book(in_force(MONDAY.date())[0])

    done = ctx.test_cli_runner().invoke(close_command, ["crcl", "--why", "Its desk was closed."])

    assert done.exit_code == 0, done.output
    with pytest.raises(Refused) as refused:
        perform(house, reference, "refer_out", RUTH, ANSWERS, seen=complaint(reference).version, now=MONDAY)
    assert "Its desk was closed." in str(refused.value)
    after = in_force(MONDAY.date())[1]
    assert (after.version, after.limits) == (before.version + 1, before.limits)


def test_it_can_be_opened_again(ctx: Flask, house: House):
    ctx.test_cli_runner().invoke(close_command, ["crcl", "--why", "For a while."])

    done = ctx.test_cli_runner().invoke(open_command, ["crcl"])

    assert done.exit_code == 0, done.output
    assert closed_channels() == {}


def test_nobody_closes_what_there_is_not(ctx: Flask):
    assert ctx.test_cli_runner().invoke(close_command, ["moon", "--why", "Far."]).exit_code == 2
