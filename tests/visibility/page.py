"""The page about who sees what, written out of the matrix.

Run as a module, it writes `docs/visibility.md` anew.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.visibility.matrix import Grant, Matrix, Model, Object, matrix

PAGE = Path(__file__).resolve().parents[2] / "docs" / "visibility.md"
WHOLE = {"alliance": "alliance", "enquiry": "enquiry", "calendar": "calendar", "runs": "every run"}
_HEAD = """\
# Who sees what

Nobody sees anything unless a line on this page says so. What somebody may not know of is answered
like what does not exist: in reads, lists, counts, errors, live updates and when something is sent
twice. Whoever wrote a thing reads it for as long as it stands; what was withdrawn nobody
reads.

This page is written out of `tests/visibility/matrix.yaml`; a test fails when they differ, when a
method grants what the matrix does not, or when it does not grant what the matrix promises. Another
test plays stories on a real server and asks for everything as everybody, at every turn.

A leader who takes part has the rights of that part in that run, and nothing more elsewhere. A part
in one run is no part in another. Managing somebody, running the platform, and belonging to another
alliance give no reading rights at all. `now` means whoever stands there today, `then` whoever stood
there when it was written: whoever joins later does not read what was said before, and whoever
leaves reads it no more. A past state (`at=`) is shown as far as its reader may see it today.
"""
_SAME = """\
## Where a name hides nothing

The number of an event in the log (`position`), in its stream (`revision`) and the time at which a
stream last changed are no secret to whoever may know of the stream: they tell that something
happened, never what, who or where.
"""


def page(told: Matrix) -> str:
    """The whole page."""
    parts = [_HEAD, _viewers(told), _lines(told), *_objects(told), _views(told), _warnings(told)]
    return "\n".join(part.rstrip("\n") + "\n" for part in (*parts, _SAME))


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(one)} |\n" for one in lines)


def _viewers(told: Matrix) -> str:
    rows = ((f"`{name}`", title) for name, title in told.viewers.items())
    return "## Who there is\n\n" + _table(("Viewer", "Who that is"), rows)


def _lines(told: Matrix) -> str:
    """The requirement, and which objects carry it out."""
    held: dict[str, list[str]] = {line: [] for line in told.lines}
    for one in told.objects:
        if one.line:
            held[one.line].append(one.name)
    for models in told.views.values():
        for name, model in models.items():
            if model.line:
                held[model.line].append(f"the view `{name}`")
    held["Warning about a person"].append("warnings, below")

    def rows() -> Iterator[tuple[str, ...]]:
        for line, cells in told.lines.items():
            said = "; ".join(f"`{column}` {cell}" for column, cell in cells.items())
            names = "; ".join(dict.fromkeys(held[line]))
            yield line, said, names or f"not built yet: {told.awaited[line]}"

    return "## What is required\n\nR reads, W writes their own, # gets numbers only.\n\n" + _table(
        ("Object", "For whom", "Here"), rows()
    )


def _objects(told: Matrix) -> Iterator[str]:
    groups: dict[str, list[Object]] = {}
    for one in told.objects:
        of = one.of if isinstance(one.of, str) else one.of[0]
        groups.setdefault(of, []).append(one)
    for of, several in groups.items():
        yield f"## Facts: {WHOLE.get(of, of)}\n\n" + _table(
            ("Object", "Facts", "Who reads it, besides its author"), _rows(several)
        )


def _rows(several: list[Object]) -> Iterator[tuple[str, ...]]:
    for one in several:
        facts = ", ".join(f"`{fact}`" for fact in one.facts)
        by_grant: dict[frozenset[Grant], list[str]] = {}
        for column, grants in one.grants().items():
            by_grant.setdefault(grants, []).append(f"`{column}`")
        read = [
            f"{', '.join(columns)}: {'; or '.join(map(_words, sorted(grants)))}"
            for grants, columns in by_grant.items()
        ]
        if one.unsigned:
            read.append("in views alone, without author, order and time")
        if one.sealed:
            read.append(f"nobody, not even the author: {', '.join(map('`{}`'.format, one.sealed))}")
        notes = [f"not `{column}`: {why}" for column, why in one.short.items()]
        yield one.name, facts, "<br>".join([*read, *notes]) or "nobody"


def _words(grant: Grant) -> str:
    said = "now" if grant.today else "then"
    said += f", since `{grant.since}`" if grant.since else ""
    said += f", without {' and '.join(f'`{name}`' for name in grant.hide)}" if grant.hide else ""
    return f"{said}, if: {grant.condition}" if grant.condition else said


def _views(told: Matrix) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for of, models in told.views.items():
            for name, model in models.items():
                yield WHOLE.get(of, of), f"`{name}`", _asked(model)

    says = "Texts in a view are opened for whoever may read the facts they stand in.\n\n"
    return f"## Views\n\n{says}" + _table(("Of", "View", "Who may ask"), rows())


def _asked(model: Model) -> str:
    to = ", ".join(
        f"`{column}`{' (numbers and dates only)' if column in model.numbers else ''}"
        for column in model.to
    )
    to += "".join(f", not `{column}`" for column in model.without)
    return f"{to}, if: {model.condition}" if model.condition else to


def _warnings(told: Matrix) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for audience, columns in told.warnings.items():
            yield audience.replace("_", " "), ", ".join(f"`{column}`" for column in columns)

    says = "`about` is the person it is about. No warning is ever shown to a manager as such.\n\n"
    return f"## Warnings\n\n{says}" + _table(("Audience", "Who sees it"), rows())


if __name__ == "__main__":
    PAGE.write_text(page(matrix()), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
