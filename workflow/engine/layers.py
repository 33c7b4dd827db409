"""Where the states of a diagram stand: rows, the order within a row, the middle of each box.

The layout is that of Sugiyama, Tagawa and Toda (1981) in small: longest paths make the rows, long
arrows pass the rows between on lanes, barycentres order a row. Lines and SVG are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import TypeAlias

GAP = 26.0
LANE = 18.0


@dataclass(frozen=True, slots=True)
class Lane:
    """The place where the arrows into `target` pass a row; they share one line from here on."""

    target: str
    row: int
    up: bool


Node: TypeAlias = str | Lane
Edge: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """Rows from top to bottom, lanes included; `x` is the middle of each node."""

    rows: tuple[tuple[Node, ...], ...]
    row_of: Mapping[str, int]
    x: Mapping[Node, float]
    box: float
    chains: Mapping[Edge, tuple[Node, ...]] = field(repr=False)

    def half(self, node: Node) -> float:
        return self.box / 2 if isinstance(node, str) else 0.0


def laid_out(
    order: Sequence[str],
    edges: Iterable[Edge],
    *,
    final: frozenset[str],
    first: frozenset[str],
    sideways: frozenset[Edge],
    width: float,
    box: float,
) -> Layout:
    """Lay out the states in their given `order`, which is the order in which a case is expected to go.

    `first` are states an entry leads to, `sideways` are edges that say nothing about before and after
    (those that reopen). Boxes are at most `box` wide and narrower where a row needs it.
    """
    edges = sorted(edges, key=lambda e: (order.index(e[0]), order.index(e[1])))
    row_of = _rows(order, [e for e in edges if e not in sideways], final, first)
    chains = {edge: _chain(edge, row_of) for edge in edges}
    rows = _ordered(order, row_of, chains)
    side = LANE * len({node.target for row in rows for node in row if isinstance(node, Lane) and node.up})
    box = min(box, *(_fitting(row, width - side) for row in rows))
    inner = [[n for n in row if not (isinstance(n, Lane) and n.up)] for row in rows]
    x = _middles(inner, chains, box, width - side)
    _straighten(x, inner, box)
    _side_lanes(x, rows, row_of, chains, box)
    left = min(x[n] - (box / 2 if isinstance(n, str) else 8) for n in x)
    return Layout(
        rows=tuple(tuple(row) for row in rows),
        row_of=row_of,
        x={node: round(at - left, 1) for node, at in x.items()},
        box=box,
        chains=chains,
    )


def _rows(
    order: Sequence[str], edges: Sequence[Edge], final: frozenset[str], first: frozenset[str]
) -> dict[str, int]:
    """Longest path over the edges that go on in the given order; final states in a row of their own."""
    place = {state: i for i, state in enumerate(order)}
    onward = [(s, t) for s, t in edges if place[s] < place[t]]
    before = {t: [s for s, other in onward if other == t and s not in final] for t in order}
    row_of: dict[str, int] = {}
    for state in order:
        if state not in final:
            row_of[state] = max((row_of[s] + 1 for s in before[state]), default=0)
    last = max(row_of.values(), default=-1)
    for state in row_of:
        if not before[state] and state not in first:
            after = [row_of[t] for s, t in onward if s == state and t not in final]
            row_of[state] = max(0, min(after) - 1) if after else last
    return row_of | {state: last + 1 for state in order if state in final}


def _chain(edge: Edge, row_of: Mapping[str, int]) -> tuple[Node, ...]:
    """An edge with the lanes it takes through the rows between."""
    source, target = edge
    here, there = row_of[source], row_of[target]
    up = here > there
    between = range(here - 1, there, -1) if up else range(here + 1, there)
    return (source, *(Lane(target, row, up) for row in between), target)


def _ordered(
    order: Sequence[str], row_of: Mapping[str, int], chains: Mapping[Edge, tuple[Node, ...]]
) -> list[list[Node]]:
    """Sweep down and up over the rows, keep the order with the fewest crossings."""
    lanes = {n: None for chain in chains.values() for n in chain if isinstance(n, Lane)}
    down = sorted((n for n in lanes if not n.up), key=lambda n: (n.row, order.index(n.target)))
    up = sorted((n for n in lanes if n.up), key=lambda n: (-row_of[n.target], order.index(n.target)))
    rows: list[list[Node]] = [[] for _ in range(max(row_of.values()) + 1)]
    for state in order:
        rows[row_of[state]].append(state)
    for lane in down:
        rows[lane.row].append(lane)
    links = _links(chains)
    best = rows
    for sweep in range(16):
        downwards = sweep % 2 == 0
        rows = [list(row) for row in rows]
        for i in range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1):
            beside = {n: k for k, n in enumerate(rows[i - 1 if downwards else i + 1])}
            seat = {n: float(k) for k, n in enumerate(rows[i])}
            for node in rows[i]:
                near = [beside[m] for m in links.get(node, ()) if m in beside]
                if near:
                    seat[node] = sum(near) / len(near)
            rows[i].sort(key=seat.__getitem__)
        if _crossings(rows, links) < _crossings(best, links):
            best = rows
    for lane in up:
        best[lane.row].append(lane)
    return best


def _links(chains: Mapping[Edge, tuple[Node, ...]]) -> dict[Node, list[Node]]:
    """Who is joined to whom in the next or the last row."""
    links: dict[Node, list[Node]] = {}
    for chain in chains.values():
        for one, other in pairwise(chain):
            links.setdefault(one, []).append(other)
            links.setdefault(other, []).append(one)
    return links


def _crossings(rows: Sequence[Sequence[Node]], links: Mapping[Node, Sequence[Node]]) -> int:
    crossings = 0
    for upper, lower in pairwise(rows):
        seat = {n: k for k, n in enumerate(lower)}
        lines = [(i, seat[m]) for i, n in enumerate(upper) for m in set(links.get(n, ())) if m in seat]
        crossings += sum((a - c) * (b - d) < 0 for a, b in lines for c, d in lines) // 2
    return crossings


def _fitting(row: Sequence[Node], width: float) -> float:
    """The widest boxes with which a row fits."""
    boxes = sum(isinstance(n, str) for n in row)
    lanes = sum(isinstance(n, Lane) and not n.up for n in row)
    return (width - GAP * (boxes + lanes - 1)) / boxes if boxes else width


def _middles(
    rows: Sequence[Sequence[Node]], chains: Mapping[Edge, tuple[Node, ...]], box: float, width: float
) -> dict[Node, float]:
    """Pull every node towards its neighbours, keep order and distances; lanes pull hardest to be straight."""
    links = _links(chains)
    x: dict[Node, float] = {}
    for row in rows:
        offsets = _offsets(row, box)
        start = (width - offsets[-1]) / 2 if offsets else 0
        x |= {node: start + offset for node, offset in zip(row, offsets, strict=True)}
    for sweep in range(24):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            offsets = _offsets(row, box)
            wanted, weights = [], []
            for node, offset in zip(row, offsets, strict=True):
                near = [(x[m], _pull(node, m)) for m in links.get(node, ()) if m in x]
                weight = sum(w for _, w in near)
                at = sum(v * w for v, w in near) / weight if near else x[node]
                wanted.append(at - offset)
                weights.append(weight or 1.0)
            low, high = box / 2, width - box / 2 - offsets[-1]
            for node, offset, at in zip(row, offsets, _rising(wanted, weights), strict=True):
                x[node] = min(max(at, low), max(low, high)) + offset
    return x


def _offsets(row: Sequence[Node], box: float) -> list[float]:
    """How far each node of a row stands from the first one at least."""
    offsets = [0.0] if row else []
    for one, other in pairwise(row):
        halves = (box / 2 if isinstance(one, str) else 0) + (box / 2 if isinstance(other, str) else 0)
        offsets.append(offsets[-1] + halves + GAP)
    return offsets


def _pull(one: Node, other: Node) -> float:
    lanes = isinstance(one, Lane) + isinstance(other, Lane)
    return (3.0, 0.5, 8.0)[lanes]


def _rising(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The rising sequence nearest to the wanted one (weighted least squares, pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        count = 1
        while pools and pools[-1][0] > value:
            other, heft, n = pools.pop()
            value = (value * weight + other * heft) / (weight + heft)
            weight, count = weight + heft, count + n
        pools.append((value, weight, count))
    return [value for value, _, count in pools for _ in range(count)]


def _straighten(x: dict[Node, float], rows: Sequence[Sequence[Node]], box: float) -> None:
    """Bring the lanes of a target to one line over as many rows as there is room for."""
    for target in dict.fromkeys(n.target for row in rows for n in row if isinstance(n, Lane)):
        run: list[Node] = []
        low, high = -inf, inf
        for row in rows:
            for lane in (n for n in row if isinstance(n, Lane) and n.target == target):
                left, right = _leeway(lane, row, x, box)
                if max(low, left) > min(high, right):
                    _bring(x, run, low, high)
                    run, low, high = [], -inf, inf
                run, low, high = [*run, lane], max(low, left), min(high, right)
        _bring(x, run, low, high)


def _leeway(lane: Node, row: Sequence[Node], x: Mapping[Node, float], box: float) -> tuple[float, float]:
    """How far a lane may move within its row."""
    i = row.index(lane)
    reach = [
        x[n] + side * (GAP * 0.7 + (box / 2 if isinstance(n, str) else 0))
        for n, side in (
            *((n, 1) for n in row[max(0, i - 1) : i]),
            *((n, -1) for n in row[i + 1 : i + 2]),
        )
    ]
    left = reach[0] if i > 0 else -inf
    right = reach[-1] if i + 1 < len(row) else inf
    return min(left, x[lane]), max(right, x[lane])


def _bring(x: dict[Node, float], run: Sequence[Node], low: float, high: float) -> None:
    at = min(max(sum(x[n] for n in run) / len(run), low), high)
    for node in run:
        x[node] = at


def _side_lanes(
    x: dict[Node, float],
    rows: Sequence[Sequence[Node]],
    row_of: Mapping[str, int],
    chains: Mapping[Edge, tuple[Node, ...]],
    box: float,
) -> None:
    """Put the lanes that lead back up beside everything they pass, on the side of most that they join."""
    edges = {
        i: [
            (x[n] - (box / 2 if isinstance(n, str) else 0), x[n] + (box / 2 if isinstance(n, str) else 0))
            for n in row
            if n in x
        ]
        for i, row in enumerate(rows)
    }
    middle = (min(x.values()) + max(x.values())) / 2
    targets = dict.fromkeys(n.target for row in rows for n in row if isinstance(n, Lane) and n.up)
    for target in sorted(targets, key=lambda t: -row_of[t]):
        lanes = [n for row in rows for n in row if isinstance(n, Lane) and n.up and n.target == target]
        joined = [x[s] for s, t in chains if t == target and row_of[s] > row_of[t] + 1]
        right = sum(joined) / len(joined) >= middle
        passed = [span for lane in lanes for span in edges[lane.row]]
        at = max(b for _, b in passed) + LANE if right else min(a for a, _ in passed) - LANE
        for lane in lanes:
            x[lane] = at
            edges[lane.row].append((at, at))
