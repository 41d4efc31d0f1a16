"""Which figures of a table may be shown together, and the law they keep.

A table is a partition of people into *cells* (each person in one), and *figures*: the sets of cells
that somebody would like to read a number or a mean about. Rows, columns, totals and subgroups are
all figures.

The law. Let ``n`` be the small number. After ``shown``:

1. no figure about fewer than ``n`` people is shown (primary suppression; threshold rule);
2. from all figures shown, and knowing that no cell is negative, each cell with fewer than ``n``
   people might still hold any of more than ``n`` numbers: its largest possible value less its least
   is at least ``n`` (secondary suppression, audited by linear programming). It follows that no
   group of fewer than ``n`` people can be worked out by adding and subtracting: such a group is
   made of small cells, each of which would be narrowed to less;
3. nothing is withheld without need: no single figure of ``n`` or more could be shown in addition.

A mean or a sum belongs to the figure of the same people and is shown exactly when that is: what can
be worked out of means are the same sums over the same sets.

Limits. Law 2 is exact in whole numbers where the figures form two nested families (rows with their
subgroups and columns with theirs), because such systems are totally unimodular; for three or more
crossing dimensions the bounds are those of the relaxation. A group all of whose members said the
same thing is protected only as far as its other answers are small cells (group disclosure). A
reader who belongs to a cell knows one person more (with ``n`` = 5, a group of four others); raise
``n`` where that matters. Whoever knows the order in which figures are considered learns a little
from what was left out.

Source: 4.5; the terms are those of Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from enquiry.kernel.smallnumbers.bounds import Sum, widths

SMALL = 5
"""Fewer people than this are a small number, unless a school says otherwise."""


class Table(Struct, frozen=True):
    """People by cell, and what one would like to show of them."""

    cells: Mapping[str, int]
    """How many people are in each cell; the cells do not overlap. Leave out a cell in which there
    cannot be anybody: an empty cell is protected like any other small one."""
    figures: Mapping[str, frozenset[str]]
    """By name: the cells it is about."""

    def count(self, figure: str) -> int:
        """How many people a figure is about."""
        return sum(self.cells[cell] for cell in self.figures[figure])


def shown(table: Table, n: int = SMALL, told: Iterable[str] = ()) -> frozenset[str]:
    """Names of the figures that may be shown together.

    Figures about more cells are considered first, then those about more people, then by name.

    Args:
        table: what there is.
        n: the small number, at least 1.
        told: figures that readers know already. They are part of what may not add up to more; the
            answer holds those of them that stand.

    Raises:
        ValueError: ``n`` is below 1, a count is negative, or a figure is about an unknown cell.
    """
    _check(table, n)
    small = [cell for cell, count in table.cells.items() if count < n]
    given = table.figures.keys() & frozenset(told)
    found = sorted(given)
    for name in sorted(table.figures.keys() - given, key=lambda one: _rank(table, one)):
        if table.count(name) >= n and _protected(table, small, [*found, name], n):
            found.append(name)
    return frozenset(found)


def crossed(
    counts: Mapping[tuple[str, str], int],
    rows: Mapping[str, Iterable[str]] | None = None,
    columns: Mapping[str, Iterable[str]] | None = None,
) -> Table:
    """A table of rows and columns with all its totals, and subgroups of either.

    Args:
        counts: people by (row, column).
        rows: further figures over several rows, by name, such as a phase of several years.
        columns: the same for columns, such as *agree or strongly agree*.

    Returns:
        A table whose cells are named ``row/column`` and whose figures are named alike, with ``*``
        for all.
    """
    every_row = list(dict.fromkeys(row for row, _ in counts))
    every_column = list(dict.fromkeys(column for _, column in counts))
    down = {row: [row] for row in every_row} | {k: list(v) for k, v in (rows or {}).items()}
    across = {c: [c] for c in every_column} | {k: list(v) for k, v in (columns or {}).items()}
    figures = {
        f"{row}/{column}": frozenset(
            f"{r}/{c}" for r in members for c in others if (r, c) in counts
        )
        for row, members in (down | {"*": every_row}).items()
        for column, others in (across | {"*": every_column}).items()
    }
    cells = {f"{row}/{column}": count for (row, column), count in counts.items()}
    return Table(cells, {name: cells_ for name, cells_ in figures.items() if cells_})


def grown(before: Table, told: Iterable[str], after: Table, n: int = SMALL) -> frozenset[str]:
    """Names of the figures of ``after`` that may be shown to readers who know ``told`` of before.

    The rule for two versions of one table: they are judged as one table in which everybody is
    either *before* or *since*, so that what was added is protected like any other small group.
    People may have come between the versions, and none may have gone: a reader cannot be made to
    forget, and who left would stand out. Where nothing changed, nothing more is told.

    Raises:
        ValueError: a cell has fewer people than before, or is gone.
    """
    if any(after.cells.get(cell, -1) < count for cell, count in before.cells.items()):
        raise ValueError("somebody is no longer counted; begin a new table")
    told = frozenset(told)
    if dict(before.cells) == dict(after.cells):
        return told & after.figures.keys()
    cells = {f"before:{cell}": count for cell, count in before.cells.items()}
    cells |= {f"since:{cell}": n_ - before.cells.get(cell, 0) for cell, n_ in after.cells.items()}
    figures = {
        f"before:{name}": frozenset(f"before:{c}" for c in before.figures[name]) for name in told
    }
    figures |= {f"after:{name}": _both(cells, of) for name, of in after.figures.items()}
    found = shown(Table(cells, figures), n, [f"before:{name}" for name in told])
    return frozenset(name.removeprefix("after:") for name in found if name.startswith("after:"))


def _both(cells: Mapping[str, int], of: Iterable[str]) -> frozenset[str]:
    every = (f"{when}:{cell}" for cell in of for when in ("before", "since"))
    return frozenset(cell for cell in every if cell in cells)


def _check(table: Table, n: int) -> None:
    if n < 1:
        raise ValueError("a small number is at least 1")
    if any(count < 0 for count in table.cells.values()):
        raise ValueError("a count of people is negative")
    for name, cells in table.figures.items():
        if not cells <= table.cells.keys():
            raise ValueError(f"{name} is about cells that the table does not have")


def _rank(table: Table, name: str) -> tuple[int, int, str]:
    return (-len(table.figures[name]), -table.count(name), name)


def _protected(table: Table, small: list[str], figures: Sequence[str], n: int) -> bool:
    """Whether every small cell stays unknown within ``n`` when these figures are shown."""
    sums: list[Sum] = [(table.figures[name], table.count(name)) for name in figures]
    touched = {cell for members, _ in sums for cell in members}
    asked = [cell for cell in small if cell in touched]
    if not asked:
        return True
    for cell, width in widths(asked, sums):
        if width is not None and width < n:
            # The cell that gave way is the likeliest to give way again: ask about it first.
            small.remove(cell)
            small.insert(0, cell)
            return False
    return True
