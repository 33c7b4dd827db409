"""Strokes and words of an SVG: frames, texts, rounded lines, heads of arrows, and where words have room.

Everything is a piece of SVG text; what the pieces mean is known in `diagram`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias
from xml.sax.saxutils import escape

from workflow.engine.layers import Edge, Layout
from workflow.engine.routes import Drawing, Point

Box: TypeAlias = tuple[float, float, float, float]

#: The text of labels and of notes, and how wide one letter of each is at most on average.
LABEL, LABEL_LETTER = 15, 9.5
NOTE, NOTE_LETTER = 13, 6.9
MARGIN = 10.0
WIDTH = 1080.0


def frame(x: float, y: float, width: float, height: float, stroke: float, radius: float) -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'rx="{number(radius)}" stroke-width="{number(stroke)}"/>'
    )


def text_at(
    x: float, y: float, text: str, kind: str, size: int, *, bold: bool = False, anchor: str = "middle"
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text class="{kind}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" '
        f'font-size="{size}"{weight} fill="currentColor" stroke="none">{escape(text)}</text>'
    )


class Room:
    """What is taken already, so that words are only put where they can be read.

    `names` are those of the arrows: where several arrows end in one head, words beside it must be true
    of all of them, and are written once.
    """

    def __init__(self, layout: Layout, drawing: Drawing, names: Mapping[Edge, str]) -> None:
        self.taken: list[Box] = []
        self.heads: dict[Point, set[str]] = {}
        for state, row in layout.row_of.items():
            half, middle = layout.box / 2, layout.x[state]
            self.taken.append((middle - half, drawing.tops[row], middle + half, drawing.bottoms[row]))
        for edge, points in drawing.lines.items():
            self.heads.setdefault(points[-1], set()).add(names[edge])
            for (a, b), (c, d) in pairwise(points):
                self.taken.append((min(a, c) - 1, min(b, d) - 1, max(a, c) + 1, max(b, d) + 1))
        self.right = max(right for _, _, right, _ in self.taken)

    def claim(self, box: Box) -> bool:
        """Take a place for words, if it is free and within the picture."""
        left, top, right, bottom = box
        free = all(right <= a or c <= left or bottom <= b or d <= top for a, b, c, d in self.taken)
        if not free or left < -MARGIN or right > WIDTH:
            return False
        self.taken.append(box)
        self.right = max(self.right, right)
        return True


def line(points: Sequence[Point]) -> str:
    """A line with rounded corners that ends where the head of the arrow begins."""
    (x, y), (_, before) = points[-1], points[-2]
    ends = [*points[:-1], (x, y - 7 if before < y else y + 7)]
    said = [f"M{number(ends[0][0])} {number(ends[0][1])}"]
    for (a, b), (c, d), (e, f) in zip(ends, ends[1:], ends[2:], strict=False):
        radius = min(8.0, _far(a, b, c, d) / 2, _far(c, d, e, f) / 2)
        if radius < 0.5 or (a == c == e):
            said.append(f"L{number(c)} {number(d)}")
            continue
        into = f"{number(c + _sign(a - c) * radius)} {number(d + _sign(b - d) * radius)}"
        out = f"{number(c + _sign(e - c) * radius)} {number(d + _sign(f - d) * radius)}"
        said.append(f"L{into}Q{number(c)} {number(d)} {out}")
    said.append(f"L{number(ends[-1][0])} {number(ends[-1][1])}")
    return "".join(said)


def arrowhead(points: Sequence[Point]) -> str:
    (x, y), (_, before) = points[-1], points[-2]
    back = -9 if before < y else 9
    return f'<path d="M{number(x)} {number(y)}l-4.5 {back}h9z" fill="currentColor" stroke="none"/>'


def words_along(points: Sequence[Point], name: str, room: Room) -> str:
    """The words of an arrow at the first place where they can be read; none, where it is crowded."""
    wide = len(name) * NOTE_LETTER
    for x, y, anchor in _places(points, wide, at_head=room.heads.get(points[-1]) == {name}):
        left = x if anchor == "start" else x - wide
        if room.claim((left, y - 12, left + wide, y + 3)):
            room.heads[points[-1]] = set()
            return text_at(x, y, name, "machine__verb", NOTE, anchor=anchor)
    return ""


def _places(points: Sequence[Point], wide: float, *, at_head: bool) -> Iterator[tuple[float, float, str]]:
    """Beside the line where it leaves, above its first level part, beside its head."""
    (x, y), (across, after) = points[0], points[1]
    beside = (y + after) / 2 + 4 if len(points) == 2 else y + 15 if after > y else y - 6
    yield x + 5, beside, "start"
    yield x - 5, beside, "end"
    if len(points) > 2 and abs(points[2][0] - across) > wide + 16:
        rightwards = points[2][0] > across
        yield across + (10 if rightwards else -10), after - 5, "start" if rightwards else "end"
    if at_head:
        (x, y), (_, before) = points[-1], points[-2]
        beside = y - 10 if before < y else y + 19
        yield x + 8, beside, "start"
        yield x - 8, beside, "end"


def _far(a: float, b: float, c: float, d: float) -> float:
    return abs(a - c) + abs(b - d)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def number(value: float) -> str:
    """A number without needless digits, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
