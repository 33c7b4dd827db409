"""What a clock says after what happened to it, worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.engine.lives import (
    MONDAY,
    NEW_YORK,
    OFFICE,
    WAITING,
    at,
    end_of,
    extended,
    paused,
    reading,
    redefined,
    restarted,
    resumed,
    started,
    stopped,
)
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Days,
    Hours,
    HoursSkippingWeekends,
    Months,
    Time,
)

# Running and stopping


def test_a_clock_that_runs_is_due_when_its_span_ends():
    clock = reading(started(BusinessDays(5)))

    assert (clock.started_at, clock.span) == (MONDAY, BusinessDays(5))
    assert clock.due == clock.original_due == end_of("12")
    assert (clock.running, clock.paused_since, clock.stopped_at, clock.extensions) == (True, None, None, 0)
    assert clock.on_time() is None


def test_a_clock_is_overdue_after_its_due_moment_until_it_is_stopped():
    clock = reading(started(BusinessDays(5)))
    after = reading(started(BusinessDays(5)), stopped("13"))

    assert not clock.overdue(end_of("12"))
    assert clock.overdue(end_of("12") + timedelta(seconds=1))
    assert not after.overdue(at("14"))


@pytest.mark.parametrize(("when", "on_time"), [("12 23:59:59.500000", True), ("13 00:00", False)])
def test_a_clock_was_in_time_if_stopped_before_the_day_was_over(when, on_time):
    clock = reading(started(BusinessDays(5)), stopped(when))

    assert (clock.running, clock.stopped_at, clock.on_time()) == (False, at(when), on_time)


# Pauses


def test_business_days_used_before_a_pause_stay_used():
    # From Monday 5 January, 5 days: Tue 6 and Wed 7 are used. Resumed on Thursday 15th, three are left:
    # Friday 16, (Monday 19 is Dr. King's birthday), Tuesday 20, Wednesday 21.
    waiting = reading(started(BusinessDays(5)), paused("07"))
    again = reading(started(BusinessDays(5)), paused("07"), resumed("15"))

    assert (waiting.due, waiting.running, waiting.paused_since) == (None, False, at("07"))
    assert waiting.paused_why == WAITING
    assert waiting.original_due == end_of("12")
    assert again.due == again.original_due == end_of("21")
    assert (again.running, again.paused_since, again.paused_why) == (True, None, "")


def test_calendar_days_used_before_a_pause_stay_used():
    # 10 days from the 5th: 6, 7 used. Resumed on the 20th with 8 left: the 28th.
    assert reading(started(CalendarDays(10)), paused("07"), resumed("20")).due == end_of("28")


def test_what_is_left_of_months_is_counted_in_calendar_days():
    # A month from the 5th ends on 5 February, after 31 days; 2 are used on the 7th. On the 9th 29 are left:
    # 7 February.
    clock = reading(started(Months(1)), paused("07"), resumed("09"))

    assert clock.due == datetime(2026, 2, 7, 23, 59, 59, tzinfo=NEW_YORK)


def test_hours_used_before_a_pause_stay_used_to_the_second():
    # 48 hours from Monday 09:00, paused after 30:20; resumed on Friday at 08:00 with 17:40 left.
    assert reading(started(Hours(48)), paused("06 15:20"), resumed("09 08:00")).due == at("10 01:40")


def test_hours_skipping_weekends_skip_them_before_and_after_a_pause():
    # Friday 9 January 15:00, 48 hours: 9 on Friday; paused on Monday at 06:00, so 33 left. Resumed on Friday
    # 16 at 12:00: 12 hours to midnight, then Monday 19 (a holiday, counts) until 21:00.
    clock = reading(started(HoursSkippingWeekends(48), "09 15:00"), paused("12 06:00"), resumed("16 12:00"))

    assert clock.due == at("19 21:00")


@pytest.mark.parametrize(
    "span", [BusinessDays(0), BusinessDays(5), CalendarDays(0), CalendarDays(7), Months(1), Months(0)]
)
@pytest.mark.parametrize("day", ["05", "10", "12"])
def test_a_pause_within_a_day_changes_nothing_for_day_spans(span, day):
    before = started(span, f"{day} 09:00")

    assert reading(before, paused(f"{day} 10:00"), resumed(f"{day} 17:00")).due == reading(before).due


def test_a_pause_on_the_last_day_leaves_the_day_of_the_resumption_or_the_next_that_works():
    # All 5 days are used on the 12th. Resumed on Thursday: until its end. Resumed on a Saturday: until the
    # end of Monday, which here is Dr. King's birthday, so of Tuesday.
    until_pause = (started(BusinessDays(5)), paused("12"))

    assert reading(*until_pause, resumed("15")).due == end_of("15")
    assert reading(*until_pause, resumed("17")).due == end_of("20")


def test_paused_again_with_nothing_left_there_is_still_the_day_of_the_resumption():
    clock = reading(started(BusinessDays(5)), paused("12"), resumed("17"), paused("18"), resumed("22"))

    assert clock.due == end_of("22")


def test_a_pause_does_not_help_what_was_late_before_it():
    late = (started(BusinessDays(1)), paused("08"))
    waiting, again, done = reading(*late), reading(*late, resumed("15")), reading(*late, stopped("15"))

    assert (waiting.due, waiting.overdue(at("09"))) == (None, True)
    assert again.due == again.original_due == end_of("06")
    assert done.on_time() is False


def test_a_clock_that_waits_does_not_become_overdue():
    waiting = reading(started(BusinessDays(1)), paused("06"))

    assert not waiting.overdue(at("30"))


def test_a_clock_stopped_while_it_waits_was_in_time():
    clock = reading(started(BusinessDays(1)), paused("06"), stopped("20"))

    assert (clock.paused_since, clock.running, clock.on_time()) == (None, False, True)


# Extensions, other limits, restarts


def test_an_extension_adds_to_the_due_date_and_not_to_the_original_one():
    # 5 + 3 business days from the 5th: 12, then 13, 14, 15.
    clock = reading(started(BusinessDays(5)), extended("08", BusinessDays(3)), stopped("14"))

    assert (clock.due, clock.original_due, clock.extensions) == (end_of("15"), end_of("12"), 1)
    assert clock.on_time() is False


def test_extensions_may_count_otherwise_than_the_limit():
    # 5 business days to Monday 12, 5 calendar days to Saturday 17, and from its last second 24 hours.
    clock = reading(started(BusinessDays(5)), extended("06", CalendarDays(5)), extended("06", Hours(24)))

    assert (clock.due, clock.extensions) == (end_of("18"), 2)


def test_a_pause_after_the_original_due_date_moves_only_what_was_added():
    # Due on the 6th, extended by 5 business days: 7, 8, 9, 12, 13. Paused on the 8th (2 used), resumed on
    # Monday 12: 13, 14, 15.
    clock = reading(
        started(BusinessDays(1)), extended("06", BusinessDays(5)), paused("08"), resumed("12"), stopped("15")
    )

    assert (clock.original_due, clock.due) == (end_of("06"), end_of("15"))


def test_a_pause_before_the_original_due_date_moves_both():
    # 5 days: 2 used on the 7th, resumed on Monday 12: 13, 14, 15; then two more: Friday 16, Tuesday 20.
    clock = reading(started(BusinessDays(5)), extended("06", BusinessDays(2)), paused("07"), resumed("12"))

    assert (clock.original_due, clock.due) == (end_of("15"), end_of("20"))


def test_an_extension_of_a_clock_that_waits_shows_when_it_runs_again():
    waiting = (started(BusinessDays(5)), paused("07"), extended("08", BusinessDays(1)))

    assert reading(*waiting).due is None
    assert reading(*waiting, resumed("08")).due == end_of("14")


def test_another_limit_counts_from_the_start_and_keeps_the_former_due_date():
    clock = reading(started(BusinessDays(5)), redefined("07", BusinessDays(1)), redefined("08", Hours(12)))

    assert clock.span == Hours(12)
    assert clock.due == clock.original_due == at("05 21:00")
    assert clock.former_dues == (end_of("12"), end_of("06"))


def test_another_limit_ends_the_extensions_of_the_old_one_but_not_their_number():
    clock = reading(
        started(BusinessDays(1)), extended("06", BusinessDays(5)), redefined("07", BusinessDays(3))
    )

    assert (clock.due, clock.extensions, clock.former_dues) == (end_of("08"), 1, (end_of("06"),))


def test_another_limit_counts_around_the_pauses_there_were():
    # 10 business days from the 5th; 6, 7 are used, resumed on Monday 12 with 8 left.
    clock = reading(started(BusinessDays(5)), paused("07"), resumed("12"), redefined("13", BusinessDays(10)))

    assert clock.due == OFFICE.due(at("12"), BusinessDays(8))
    assert clock.former_dues == (end_of("15"),)


def test_a_restart_begins_anew():
    clock = reading(
        started(BusinessDays(5)),
        extended("06", BusinessDays(1)),
        redefined("07", BusinessDays(2)),
        stopped("08"),
        restarted("12", BusinessDays(2), from_first_start=False),
    )

    assert clock == reading(started(BusinessDays(2), "12"))


def test_a_restart_from_the_first_start_takes_up_where_it_stood():
    before = (started(BusinessDays(5)), paused("07"), resumed("08"), extended("09", BusinessDays(1)))
    again = reading(*before, stopped("12"), restarted("20", None, from_first_start=True))

    assert again == reading(*before)
    assert again.overdue(at("20"))


def test_the_wait_in_which_a_clock_was_stopped_ends_with_the_stop():
    clock = reading(
        *(started(BusinessDays(5)), paused("07"), stopped("08")),
        restarted("09", BusinessDays(5), from_first_start=True),
    )

    assert clock == reading(started(BusinessDays(5)), paused("07"), resumed("08"))


def test_a_restart_from_the_first_start_with_another_limit_keeps_the_former_due_date():
    clock = reading(
        started(BusinessDays(5)), stopped("12"), restarted("13", BusinessDays(8), from_first_start=True)
    )

    assert (clock.started_at, clock.due, clock.former_dues) == (MONDAY, end_of("15"), (end_of("12"),))


# What is used and left


def test_what_is_used_and_left_at_a_moment():
    clock = reading(started(BusinessDays(5)), extended("06", CalendarDays(3)))

    assert clock.used(at("07")) == (Days(2, working=True), Days(0, working=False))
    assert clock.remaining(at("07")) == (Days(3, working=True), Days(3, working=False))
    assert clock.remaining(at("14")) == (Days(0, working=True), Days(1, working=False))
    assert clock.remaining(at("30")) == (Days(0, working=True), Days(0, working=False))


def test_while_a_clock_waits_or_once_it_is_stopped_what_is_left_stays():
    waiting = reading(started(HoursSkippingWeekends(48)), paused("06 15:00"))
    done = reading(started(BusinessDays(5)), stopped("08"))

    assert waiting.used(at("30")) == (Time(timedelta(hours=30), weekends=False),)
    assert waiting.remaining(at("05 10:00")) == (Time(timedelta(hours=47), weekends=False),)
    assert done.remaining(at("30")) == (Days(2, working=True),)


def test_what_is_left_in_a_past_pause_is_what_was_left_when_it_began():
    clock = reading(started(BusinessDays(5)), paused("07"), resumed("15"))

    assert clock.remaining(at("12")) == (Days(3, working=True),)
    assert clock.remaining(at("16")) == (Days(2, working=True),)
