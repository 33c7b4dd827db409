"""The picture of a machine: Mermaid for the handbook, SVG for a page.

Where things stand is decided in `layers` and `routes`, strokes are drawn in `strokes`.

The SVG has no script and no inline style. Its strokes and fills are presentation attributes, so that it
can be read without a style sheet; everything is drawn in `currentColor`, and the current state is marked
by a thick double frame and by words, so that it can be read in forced colours.

Classes for the style sheet: `machine`, `machine__state` with `--current`, `--done`, `--final`,
`machine__label`, `machine__note`, `machine__arrow` with `--escape`, `--back`, `--entry`, `machine__verb`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from workflow.engine.layers import Edge, Layout, laid_out
from workflow.engine.machine import Machine, Stage, Transition
from workflow.engine.routes import Drawing, routed
from workflow.engine.strokes import (
    LABEL,
    LABEL_LETTER,
    MARGIN,
    NOTE,
    NOTE_LETTER,
    WIDTH,
    Room,
    arrowhead,
    frame,
    line,
    number,
    text_at,
    words_along,
)

Steps: TypeAlias = list[Transition[Any, Any]]

BOX = 192.0
LINE = 17.0
#: Steps that stay are listed in the box up to this many; all of them are in its title.
NOTES = 4


# --- arrows ------------------------------------------------------------------------------------


def arrows(machine: Machine[Any, Any]) -> dict[Edge, Steps]:
    """The steps between two different states, in the order of the machine; those that stay are no arrows."""
    found: dict[Edge, Steps] = {}
    for step in machine.transitions:
        for stage in machine.stages:
            if stage.state in step.sources and step.lands_in(stage.state) != stage.state:
                found.setdefault((str(stage.state), str(step.target)), []).append(step)
    return found


def staying(machine: Machine[Any, Any], state: object) -> Steps:
    """The steps that can be taken in a state and stay in it."""
    return [t for t in machine.transitions if state in t.sources and t.lands_in(state) == state]


def _entering(machine: Machine[Any, Any], state: object) -> Steps:
    return [t for t in machine.entries if t.target == state]


def _words(steps: Iterable[Transition[Any, Any]]) -> str:
    return ", ".join(dict.fromkeys(step.label for step in steps))


# --- Mermaid -----------------------------------------------------------------------------------


def as_mermaid(machine: Machine[Any, Any]) -> str:
    """The state diagram as Mermaid text; parallel steps share an arrow."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_mermaid(stage.label)}" as {stage.state}' for stage in machine.stages]
    for stage in machine.stages:
        if steps := _entering(machine, stage.state):
            lines.append(f"    [*] --> {stage.state}: {_mermaid(_words(steps))}")
    lines += [f"    {s} --> {t}: {_mermaid(_words(steps))}" for (s, t), steps in arrows(machine).items()]
    for stage in machine.stages:
        if steps := staying(machine, stage.state):
            lines.append(f"    {stage.state} --> {stage.state}: {_mermaid(_words(steps))}")
        if stage.state in machine.final:
            lines.append(f"    {stage.state} --> [*]")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """Mermaid takes `#`, quotes, colons and semicolons for its own; it knows entities instead."""
    for sign, code in (("#", "#35;"), ('"', "#quot;"), (":", "#58;")):
        text = text.replace(sign, code)
    return text


# --- SVG ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Face:
    """What is written in the box of a state."""

    stage: Stage[Any]
    label: tuple[str, ...]
    notes: tuple[str, ...]
    title: str
    classes: str
    marks: frozenset[str]

    @property
    def height(self) -> float:
        return LINE * (len(self.label) + len(self.notes)) + 19


def as_svg(
    machine: Machine[Any, Any], current: str | None = None, *, done: Sequence[str] = (), title: str
) -> str:
    """The machine as inline SVG, `current` marked and the states in `done` ticked off.

    `title` names the picture for whoever hears it; what it shows of the case is said in its description.
    """
    edges = arrows(machine)
    layout = laid_out(
        [str(stage.state) for stage in machine.stages],
        edges,
        final=frozenset(map(str, machine.final)),
        first=frozenset(str(t.target) for t in machine.entries),
        sideways=frozenset(e for e, steps in edges.items() if all(t.reopens for t in steps)),
        width=WIDTH,
        box=BOX,
    )
    faces = {str(s.state): _face(machine, s, current, done, layout.box) for s in machine.stages}
    heights = [max((faces[n].height for n in row if isinstance(n, str)), default=LINE) for row in layout.rows]
    drawing = routed(layout, heights, top=44)
    room = Room(layout, drawing, {edge: _words(steps) for edge, steps in edges.items()})
    starts = [_start(machine, s, layout, drawing, room) for s in machine.stages]
    lines = [_arrow(edge, steps, drawing, room) for edge, steps in _main_first(edges)]
    boxes = [_state(face, layout, drawing) for face in faces.values()]
    width = room.right + 2 * MARGIN
    height = drawing.height + MARGIN
    name = f"machine-{machine.kind}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="machine" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'viewBox="{number(-MARGIN)} 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" '
        f'font-family="sans-serif" fill="none" stroke="currentColor" stroke-width="1.5">'
    )
    said = (
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(_description(machine, current, done))}</desc>',
    )
    return "\n".join([head, *said, *lines, *filter(None, starts), *boxes, "</svg>"])


def _description(machine: Machine[Any, Any], current: str | None, done: Sequence[str]) -> str:
    labels = {str(stage.state): stage.label for stage in machine.stages}
    said = [f"{len(labels)} states, from {machine.stages[0].label} on."]
    if current is not None:
        ahead = [labels[t] for s, t in arrows(machine) if s == current]
        said.append(f"The case is in {labels[current]}.")
        said.append(f"From there: {', '.join(ahead)}." if ahead else "No step leads on from there.")
    past = [labels[state] for state in labels if state in done and state != current]
    if past:
        said.append(f"Passed: {', '.join(past)}.")
    return " ".join(said)


# --- boxes -------------------------------------------------------------------------------------


def _face(
    machine: Machine[Any, Any], stage: Stage[Any], current: str | None, done: Sequence[str], box: float
) -> _Face:
    marks = {
        "current": stage.state == current,
        "done": stage.state in done and stage.state != current,
        "final": stage.state in machine.final,
    }
    on = frozenset(name for name, is_so in marks.items() if is_so)
    loops = [f"↻ {t.label}" for t in staying(machine, stage.state)]
    notes = loops if len(loops) <= NOTES else [*loops[: NOTES - 1], f"↻ and {len(loops) - NOTES + 1} more"]
    here = ["the case is here"] if "current" in on else []
    label = f"✓ {stage.label}" if "done" in on else stage.label
    return _Face(
        stage=stage,
        label=_wrapped(label, box - 16, LABEL_LETTER),
        notes=tuple(_cut(note, box - 16, NOTE_LETTER) for note in [*here, *notes]),
        title="\n".join(filter(None, [stage.label, stage.help, *loops])),
        classes=" ".join(["machine__state", *(f"machine__state--{m}" for m in marks if m in on)]),
        marks=on,
    )


def _state(face: _Face, layout: Layout, drawing: Drawing) -> str:
    state = str(face.stage.state)
    row = layout.row_of[state]
    top, bottom, middle = drawing.tops[row], drawing.bottoms[row], layout.x[state]
    left, width, height = middle - layout.box / 2, layout.box, bottom - top
    is_current = "current" in face.marks
    parts = [frame(left, top, width, height, 3.5 if is_current else 1.5, 8)]
    if face.marks & {"final", "current"}:
        parts.append(frame(left + 4.5, top + 4.5, width - 9, height - 9, 1, 5))
    y = top + (height - face.height) / 2 + LINE + 6.5
    for text in face.label:
        parts.append(text_at(middle, y, text, "machine__label", LABEL, bold=is_current or not face.marks))
        y += LINE
    for text in face.notes:
        parts.append(text_at(middle, y, text, "machine__note", NOTE))
        y += LINE
    return f'<g class="{face.classes}"><title>{escape(face.title)}</title>{"".join(parts)}</g>'


def _wrapped(text: str, width: float, letter: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * letter <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(_cut(line, width, letter) for line in lines)


def _cut(text: str, width: float, letter: float) -> str:
    most = int(width / letter)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# --- arrows of the SVG -------------------------------------------------------------------------


def _main_first(edges: Mapping[Edge, Steps]) -> list[tuple[Edge, Steps]]:
    """Arrows in the order in which they may claim room for their words: escapes last."""
    return sorted(edges.items(), key=lambda item: all(t.escape for t in item[1]))


def _arrow(edge: Edge, steps: Steps, drawing: Drawing, room: Room) -> str:
    points = drawing.lines[edge]
    classes = ["machine__arrow"]
    is_escape = all(t.escape for t in steps)
    if is_escape:
        classes.append("machine__arrow--escape")
    if points[-1][1] < points[0][1]:
        classes.append("machine__arrow--back")
    name = _words(steps)
    stroke = ' stroke-width="0.9"' if is_escape else ""
    return (
        f'<g class="{" ".join(classes)}"><title>{escape(name)}</title>'
        f'<path d="{line(points)}"{stroke}/>{arrowhead(points)}{words_along(points, name, room)}</g>'
    )


def _start(
    machine: Machine[Any, Any], stage: Stage[Any], layout: Layout, drawing: Drawing, room: Room
) -> str | None:
    """The dot from which a case enters a state: above the boxes of the first row, else at their side."""
    steps = _entering(machine, stage.state)
    if not steps:
        return None
    state, name = str(stage.state), _words(steps)
    row = layout.row_of[state]
    top, x = drawing.tops[row], layout.x[state]
    if row == 0:
        points = [(x, top - 30), (x, top)]
        verb = words_along(points, name, room)
        shape = f'<path d="{line(points)}"/>{arrowhead(points)}{verb}'
    else:
        points = [(x - layout.box / 2 + 16, top - 16), (x - layout.box / 2 + 16, top)]
        shape = f'<path d="{line(points)}"/>{arrowhead(points)}'
        room.claim((x - layout.box / 2 + 11, top - 21, x - layout.box / 2 + 21, top))
    cx, cy = points[0]
    dot = f'<circle cx="{number(cx)}" cy="{number(cy)}" r="4.5" fill="currentColor" stroke="none"/>'
    return f'<g class="machine__arrow machine__arrow--entry"><title>{escape(name)}</title>{dot}{shape}</g>'
