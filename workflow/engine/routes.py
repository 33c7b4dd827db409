"""The lines of a diagram: pins on the boxes, tracks between the rows, the points of every arrow.

Places of the boxes come from `layers`; strokes and words are put on in `diagram`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from workflow.engine.layers import Edge, Lane, Layout, Node

Point: TypeAlias = tuple[float, float]

TRACK = 20.0
ABOVE = 24.0
BELOW = 28.0
PIN = 46.0


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lines between two rows that end in one node: they share one track.

    A downward bundle ends below at `hub`, an upward one above; a level one joins boxes of the row above.
    """

    way: str
    hub: Node


@dataclass
class Gutter:
    """The room between two rows."""

    uppers: dict[Bundle, list[Node]] = field(default_factory=dict)
    lowers: dict[Bundle, list[Node]] = field(default_factory=dict)
    pins: dict[tuple[Bundle, Node], float] = field(default_factory=dict)
    track: dict[Bundle, int] = field(default_factory=dict)

    def join(self, bundle: Bundle, uppers: Sequence[Node], lowers: Sequence[Node]) -> None:
        for side, nodes in ((self.uppers, uppers), (self.lowers, lowers)):
            held = side.setdefault(bundle, [])
            held += [n for n in nodes if n not in held]

    def xs(self, bundle: Bundle) -> list[float]:
        return [self.pins[bundle, n] for n in (*self.uppers[bundle], *self.lowers[bundle])]

    @property
    def height(self) -> float:
        tracks = max(self.track.values(), default=-1) + 1
        return ABOVE + BELOW + TRACK * max(0, tracks - 1)


@dataclass(frozen=True)
class Drawing:
    """Where everything is: the top and bottom of each row, the points of each arrow from its source on."""

    tops: tuple[float, ...]
    bottoms: tuple[float, ...]
    lines: Mapping[Edge, tuple[Point, ...]]
    height: float


def routed(layout: Layout, heights: Sequence[float], top: float) -> Drawing:
    """Route every arrow. `heights` are those of the rows, `top` the room above the first."""
    gutters = _gutters(layout)
    for gutter in gutters:
        _pin(gutter, layout)
        _straighten(gutter, layout)
        _lay_tracks(gutter)
    tops, bottoms, y = [], [], top
    for height, gutter in zip(heights, gutters, strict=True):
        tops.append(y)
        bottoms.append(y + height)
        y += height + gutter.height
    lines = {
        edge: tuple(_points(chain, layout, gutters, tops, bottoms)) for edge, chain in layout.chains.items()
    }
    below = gutters[-1].height if gutters[-1].track else 0.0
    return Drawing(tuple(tops), tuple(bottoms), lines, bottoms[-1] + below)


def _row(node: Node, layout: Layout) -> int:
    return node.row if isinstance(node, Lane) else layout.row_of[node]


def _hop(one: Node, other: Node, layout: Layout) -> tuple[int, Bundle, list[Node], list[Node]]:
    """The gutter and bundle in which a line goes from one node to the next; its upper and lower ends."""
    here, there = _row(one, layout), _row(other, layout)
    if here < there:
        return here, Bundle("down", other), [one], [other]
    if here > there:
        return there, Bundle("up", other), [other], [one]
    return here, Bundle("level", other), [one, other], []


def _gutters(layout: Layout) -> list[Gutter]:
    gutters = [Gutter() for _ in layout.rows]
    for chain in layout.chains.values():
        for one, other in pairwise(chain):
            row, bundle, uppers, lowers = _hop(one, other, layout)
            gutters[row].join(bundle, uppers, lowers)
    return gutters


def _pin(gutter: Gutter, layout: Layout) -> None:
    """Spread the bundles along the edge of each box, in the order of where they come from or go to."""
    for side, far in ((gutter.uppers, gutter.lowers), (gutter.lowers, gutter.uppers)):
        at: dict[Node, list[Bundle]] = {}
        for bundle, nodes in side.items():
            for node in nodes:
                at.setdefault(node, []).append(bundle)
        for node, bundles in at.items():
            bundles.sort(key=lambda b: _pull(b, node, side, far, layout))
            step = min(PIN, (2 * layout.half(node) - 36) / max(1, len(bundles) - 1))
            for i, bundle in enumerate(bundles):
                shift = (i - (len(bundles) - 1) / 2) * step if isinstance(node, str) else 0.0
                gutter.pins[bundle, node] = layout.x[node] + shift


def _pull(
    bundle: Bundle,
    node: Node,
    side: Mapping[Bundle, Sequence[Node]],
    far: Mapping[Bundle, Sequence[Node]],
    layout: Layout,
) -> tuple[float, str]:
    others = [layout.x[n] for n in (far[bundle] or side[bundle]) if n != node]
    return sum(others) / len(others), bundle.way


def _straighten(gutter: Gutter, layout: Layout) -> None:
    """Move pins of lines between one box and one node until the line is straight, where there is room."""
    for bundle, uppers in gutter.uppers.items():
        lowers = gutter.lowers[bundle]
        if len(uppers) != 1 or len(lowers) != 1:
            continue
        for mover, fixed in ((lowers[0], uppers[0]), (uppers[0], lowers[0])):
            wanted = gutter.pins[bundle, fixed]
            if not isinstance(mover, str) or abs(wanted - layout.x[mover]) > layout.half(mover) - 16:
                continue
            taken = [x for (b, n), x in gutter.pins.items() if n == mover and b != bundle]
            old = gutter.pins[bundle, mover]
            if all(abs(x - wanted) >= 14 and (x < old) == (x < wanted) for x in taken):
                gutter.pins[bundle, mover] = wanted
                break


def _lay_tracks(gutter: Gutter) -> None:
    """Give every bundle that is not straight a track of its own wherever it would touch another one."""
    bent = [b for b in gutter.uppers if max(gutter.xs(b)) - min(gutter.xs(b)) > 0.5 or b.way == "level"]
    above = {b: [a for a in bent if a != b and _above(gutter, a, b)] for b in bent}
    waiting = sorted(bent, key=lambda b: (min(gutter.xs(b)), max(gutter.xs(b)), b.way))
    while waiting:
        free = [b for b in waiting if not any(a in waiting for a in above[b])] or waiting
        bundle = free[0]
        waiting.remove(bundle)
        track = max((gutter.track[a] + 1 for a in above[bundle] if a in gutter.track), default=0)
        while any(t == track and _touch(gutter, bundle, b) for b, t in gutter.track.items()):
            track += 1
        gutter.track[bundle] = track


def _above(gutter: Gutter, one: Bundle, other: Bundle) -> bool:
    """Whether `one` has to run above `other` so that their upright ends do not lie on each other."""
    tops = [gutter.pins[one, n] for n in gutter.uppers[one]]
    feet = [gutter.pins[other, n] for n in gutter.lowers[other]]
    return any(abs(top - foot) < 6 for top in tops for foot in feet)


def _touch(gutter: Gutter, one: Bundle, other: Bundle) -> bool:
    a, b = gutter.xs(one), gutter.xs(other)
    return min(a) - 12 < max(b) and min(b) - 12 < max(a)


def _points(
    chain: Sequence[Node],
    layout: Layout,
    gutters: Sequence[Gutter],
    tops: Sequence[float],
    bottoms: Sequence[float],
) -> list[Point]:
    points: list[Point] = []
    for one, other in pairwise(chain):
        row, bundle, _, _ = _hop(one, other, layout)
        gutter = gutters[row]
        start, end = gutter.pins[bundle, one], gutter.pins[bundle, other]
        leave = bottoms[row] if bundle.way != "up" else tops[row + 1]
        arrive = tops[row + 1] if bundle.way == "down" else bottoms[row]
        points.append((start, leave))
        if bundle in gutter.track:
            across = bottoms[row] + ABOVE + TRACK * gutter.track[bundle]
            points += [(start, across), (end, across)]
        points.append((end, arrive))
    return points
