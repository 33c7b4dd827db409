"""The picture of a machine: everything is in it, nothing lies on anything, nothing needs a style sheet."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.toy import LOAN, Loan, with_step
from workflow.engine.actors import Role
from workflow.engine.diagram import arrows, as_mermaid, as_svg, staying
from workflow.engine.layers import Lane, Layout, laid_out
from workflow.engine.machine import SAME, Machine, Stage, Transition
from workflow.engine.routes import routed

SVG = "{http://www.w3.org/2000/svg}"

#: Ways out of the first five states of ten into two of the last.
ESCAPES = [(i, end) for end in (7, 8) for i in range(5)]


def picture(machine: Machine[Any, Any] = LOAN, current: str | None = None, **more: Any) -> ET.Element:
    return ET.fromstring(as_svg(machine, current, title="Where the loan stands", **more))


def groups(svg: ET.Element, kind: str) -> list[ET.Element]:
    return [g for g in svg.iter(f"{SVG}g") if kind in g.attrib["class"].split()]


def texts(element: ET.Element) -> list[str]:
    return [t.text or "" for t in element.iter(f"{SVG}text")]


def title(element: ET.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def made(states: int, steps: list[tuple[int, int]], final: int, **flags: Any) -> Machine[Any, Any]:
    """A machine of numbered states, the last `final` of them final."""
    names: Any = StrEnum("names", [f"s{i}" for i in range(states)])  # type: ignore[misc]
    all_states = list(names)
    entry: Transition[Any, Any] = Transition(
        verb="open", sources=frozenset(), target=all_states[0], label="Open", by=frozenset({Role.INTAKE})
    )
    moves: list[Transition[Any, Any]] = [
        Transition(
            verb=f"v{i}",
            sources=frozenset({all_states[s]}),
            target=SAME if s == t else all_states[t],
            label=f"Go {s} to {t}",
            by=frozenset({Role.INTAKE}),
            **flags,
        )
        for i, (s, t) in enumerate(steps)
    ]
    return Machine(
        kind="made",
        title="Made",
        states=names,
        stages=tuple(Stage(s, f"State {s}") for s in all_states),
        final=frozenset(all_states[states - final :]),
        transitions=(entry, *moves),
    )


# --- the SVG -----------------------------------------------------------------------------------


def test_the_picture_is_named_and_described():
    svg = picture(current="lent", done=["requested", "lent"])

    assert svg.attrib["role"] == "img"
    assert [svg.attrib["aria-labelledby"], svg.attrib["aria-describedby"]] == [
        e.attrib["id"] for e in svg[:2]
    ]
    assert title(svg) == "Where the loan stands"
    assert svg.findtext(f"{SVG}desc") == (
        "6 states, from Requested on. The case is in On loan. From there: Disputed, Returned, Lost. "
        "Passed: Requested."
    )


def test_the_description_says_where_nothing_leads_on():
    svg = picture(current="closed")

    assert svg.findtext(f"{SVG}desc") == (
        "6 states, from Requested on. The case is in Closed. No step leads on from there."
    )


def test_the_picture_needs_no_script_and_no_style():
    source = as_svg(LOAN, "lent", title="Where the loan stands")

    assert "style" not in source
    assert "<script" not in source
    assert not re.search(r"\son\w+=", source)
    assert set(re.findall(r'(?:stroke|fill)="([^"]+)"', source)) == {"none", "currentColor"}


def test_every_state_has_its_box_with_its_label():
    states = groups(picture(), "machine__state")

    assert [texts(g)[0] for g in states] == [s.label for s in LOAN.stages]


def test_every_arrow_has_its_words_as_title():
    titles = [title(g) for g in groups(picture(), "machine__arrow") if "--entry" not in g.attrib["class"]]

    assert sorted(titles) == sorted(
        ["Lend", "Refuse", "Dispute", "Settle", "Take back", "Shelve and close", "Write off", "Find again"]
    )


def test_parallel_steps_share_an_arrow():
    svg = picture(with_step("recall", target=Loan.RETURNED))

    assert "Recall | shorten, Take back" in [title(g) for g in groups(svg, "machine__arrow")]


def test_entries_begin_at_a_dot():
    entries = groups(picture(), "machine__arrow--entry")

    assert [title(g) for g in entries] == ["Ask for a book", "Bring in from cards"]
    assert all(g.find(f"{SVG}circle") is not None for g in entries)


def test_escapes_and_ways_back_are_marked():
    svg = picture()

    assert [title(g) for g in groups(svg, "machine__arrow--escape")] == ["Write off"]
    assert sorted(title(g) for g in groups(svg, "machine__arrow--back")) == ["Find again", "Settle"]


def test_steps_that_stay_are_listed_in_the_box():
    lent = groups(picture(), "machine__state")[1]

    assert texts(lent)[1:] == ["↻ Answer", "↻ Renew", "↻ Recall | shorten", "↻ Remind"]
    assert title(lent).splitlines() == ["On loan", *texts(lent)[1:]]


def test_too_many_steps_that_stay_are_counted_and_kept_in_the_title():
    lent = groups(picture(made(2, [(0, 0)] * 6 + [(0, 1)], 1)), "machine__state")[0]

    assert texts(lent)[1:] == ["↻ Go 0 to 0", "↻ Go 0 to 0", "↻ Go 0 to 0", "↻ and 3 more"]
    assert title(lent).count("↻") == 6


def test_the_current_state_is_marked_by_shape_and_words():
    lent = groups(picture(current="lent"), "machine__state--current")

    [group] = lent
    assert [r.attrib["stroke-width"] for r in group.iter(f"{SVG}rect")] == ["3.5", "1"]
    assert "the case is here" in texts(group)
    assert groups(picture(), "machine__state--current") == []


def test_a_final_state_has_a_double_frame_and_a_passed_one_a_tick():
    svg = picture(done=["requested"])

    finals = groups(svg, "machine__state--final")
    [passed] = groups(svg, "machine__state--done")
    assert [len(list(g.iter(f"{SVG}rect"))) for g in finals] == [2, 2]
    assert texts(passed)[0] == "✓ Requested"


def test_a_long_label_is_wrapped_and_one_without_spaces_is_cut():
    stages = tuple(
        replace(s, label="Waiting for somebody to find it") if s.state == Loan.LOST else s
        for s in LOAN.stages
    )
    cut = tuple(replace(s, label="Un" * 20) if s.state == Loan.LOST else s for s in LOAN.stages)

    assert texts(groups(picture(replace(LOAN, stages=stages)), "machine__state")[-1]) == [
        "Waiting for",
        "somebody to find",
        "it",
    ]
    assert texts(groups(picture(replace(LOAN, stages=cut)), "machine__state")[-1])[0].endswith("…")


def test_words_are_escaped():
    svg = picture(with_step("lend", label="<b>&"))

    assert "<b>&" in [title(g) for g in groups(svg, "machine__arrow")]


def test_the_picture_is_the_same_every_time():
    assert as_svg(LOAN, "lent", title="x") == as_svg(LOAN, "lent", title="x")


def test_no_text_is_smaller_than_thirteen():
    assert min(int(t.attrib["font-size"]) for t in picture().iter(f"{SVG}text")) >= 13


def laid_out_as(machine: Machine[Any, Any]) -> Layout:
    return laid_out(
        [str(s.state) for s in machine.stages],
        arrows(machine),
        final=frozenset(map(str, machine.final)),
        first=frozenset({"s0"}),
        sideways=frozenset(),
        width=1080,
        box=192,
    )


# --- layout, on machines of any shape ----------------------------------------------------------


@st.composite
def machines(draw: st.DrawFn) -> Machine[Any, Any]:
    states = draw(st.integers(2, 15))
    final = draw(st.integers(1, min(5, states - 1)))
    pair = st.tuples(st.integers(0, states - 1), st.integers(0, states - 1))
    steps = draw(st.lists(pair, max_size=30))
    return made(states, steps, final, reopens=draw(st.booleans()), escape=draw(st.booleans()))


def boxes(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    found = []
    for group in groups(svg, "machine__state"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        x, y, w, h = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + w, y + h))
    return found


def words(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    """Where the words of arrows are, a letter taken as six wide."""
    found = []
    for text in svg.iter(f"{SVG}text"):
        if text.attrib["class"] == "machine__verb":
            x, y, wide = float(text.attrib["x"]), float(text.attrib["y"]), 6 * len(text.text or "")
            left = x if text.attrib["text-anchor"] == "start" else x - wide
            found.append((left, y - 11, left + wide, y + 2))
    return found


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(machines())
@settings(max_examples=60, deadline=None)
def test_nothing_lies_on_anything(machine: Machine[Any, Any]):
    svg = picture(machine)
    left, top, width, height = map(float, svg.attrib["viewBox"].split())

    things = [*boxes(svg), *words(svg)]

    assert width <= 1110
    assert not [pair for pair in combinations(things, 2) if overlap(*pair)]
    assert all(left <= a and c <= left + width and top <= b and d <= top + height for a, b, c, d in things)


@given(machines())
@settings(max_examples=60, deadline=None)
def test_lines_are_square_and_run_around_the_boxes(machine: Machine[Any, Any]):
    layout = laid_out_as(machine)

    drawing = routed(layout, [40.0] * len(layout.rows), top=44)

    half = layout.box / 2 - 1
    frames = [
        (layout.x[s] - half, drawing.tops[r] + 1, layout.x[s] + half, drawing.bottoms[r] - 1)
        for s, r in layout.row_of.items()
    ]
    assert drawing.lines.keys() == arrows(machine).keys()
    for points in drawing.lines.values():
        for (a, b), (c, d) in pairwise(points):
            assert abs(a - c) < 0.6 or b == d
            part = (min(a, c), min(b, d), max(a, c), max(b, d))
            assert not any(overlap(part, frame) for frame in frames)


def test_arrows_between_states_of_one_row_run_below_it():
    machine = made(4, [(0, 1), (0, 2), (2, 1), (1, 3)], 1)

    [group] = [g for g in groups(picture(machine), "machine__arrow") if title(g) == "Go 2 to 1"]

    path = group.find(f"{SVG}path")
    assert path is not None
    heights = [float(y) for y in re.findall(r"[-\d.]+ ([-\d.]+)", path.attrib["d"])]
    assert max(heights) > heights[0] == min(heights)


def test_a_lane_that_has_no_straight_way_bends():
    steps = [(0, 1), (1, 0), (0, 2), (2, 0), (2, 3), (0, 4), (3, 4), (4, 0), (4, 3), (4, 5), (1, 6), *ESCAPES]

    layout = laid_out_as(made(10, steps, 5))

    lanes = [n for n in layout.x if isinstance(n, Lane) and n.target == "s4" and not n.up]
    assert len({layout.x[n] for n in lanes}) == 2


def test_a_machine_of_finals_alone_can_be_drawn():
    machine = made(2, [], 2)

    assert len(groups(picture(machine), "machine__state")) == 2


# --- Mermaid -----------------------------------------------------------------------------------


def test_the_mermaid_text_holds_every_state_and_arrow():
    text = as_mermaid(LOAN)

    assert text.startswith('stateDiagram-v2\n    state "Requested" as requested\n')
    assert "    [*] --> requested: Ask for a book\n" in text
    assert "    lent --> lent: Answer, Renew, Recall | shorten, Remind\n" in text
    assert "    lost --> returned: Find again\n" in text
    assert text.endswith("    closed --> [*]\n    lost --> [*]\n")


def test_mermaid_signs_in_words_are_written_as_entities():
    text = as_mermaid(with_step("lend", label='Lend: "#1"'))

    assert "requested --> lent: Lend#58; #quot;#35;1#quot;" in text


@pytest.mark.parametrize("state", Loan)
def test_a_step_is_either_an_arrow_or_stays(state: Loan):
    leaving = [t.verb for t in LOAN.leaving(state)]

    drawn = [t.verb for (source, _), steps in arrows(LOAN).items() if source == state for t in steps]

    assert sorted(drawn + [t.verb for t in staying(LOAN, state)]) == sorted(leaving)
