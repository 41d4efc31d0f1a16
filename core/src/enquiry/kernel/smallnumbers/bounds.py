"""How far a reader of sums can narrow down a single cell: exact, by linear programming.

The reader knows that certain sets of cells add up to certain numbers, and that no cell is negative.
The least and the largest value of a cell under these conditions are found by the simplex method in
exact fractions, with Bland's rule, so that it always ends (G. B. Dantzig 1947; R. G. Bland 1977).
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

Sum = tuple[frozenset[str], int]
"""Cells, and what they add up to."""
_Row = list[Fraction]

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


class Contradiction(ValueError):
    """The sums cannot all be true of cells that are not negative."""


def widths(cells: Iterable[str], sums: Sequence[Sum]) -> Iterator[tuple[str, Fraction | None]]:
    """For each of these cells: its largest possible value less its least, one after the other.

    Args:
        cells: the cells that are asked about.
        sums: everything the reader knows.

    Yields:
        (cell, width); ``None`` for a cell that is part of no sum, so that it could be any number.

    Raises:
        Contradiction: no cells have these sums.
    """
    known = sorted({cell for members, _ in sums for cell in members})
    columns = {cell: column for column, cell in enumerate(known)}
    tableau = _Tableau(known, sums)
    for cell in cells:
        yield cell, tableau.width(columns[cell]) if cell in columns else None


class _Tableau:
    """The sums as equations, in a form that shows one solution; moved on by pivoting."""

    def __init__(self, cells: Sequence[str], sums: Sequence[Sum]) -> None:
        self._columns = len(cells)
        self._rows = [
            [Fraction(cell in members) for cell in cells] + [Fraction(total)]
            for members, total in sums
        ]
        self._basis: list[int] = []
        self._start()

    def width(self, column: int) -> Fraction:
        """Largest less least value of one cell."""
        return self._largest(column, ONE) + self._largest(column, -ONE)

    def _start(self) -> None:
        """Find one solution: take in each equation by itself, making up what it lacks.

        An artificial variable for each row makes a solution; then their sum is driven to nothing.
        """
        rows = len(self._rows)
        if any(row[-1] < 0 for row in self._rows):
            raise Contradiction("a sum of people is negative")
        for index, row in enumerate(self._rows):
            row[-1:-1] = [Fraction(index == other) for other in range(rows)]
        self._basis = [self._columns + index for index in range(rows)]
        cost = [-ONE if c >= self._columns else ZERO for c in range(self._columns + rows)]
        if self._improve(cost) != 0:
            raise Contradiction("no cells have these sums")
        self._leave_artificial()

    def _leave_artificial(self) -> None:
        """Put real cells in place of artificial variables; drop rows that say nothing new."""
        for index in reversed(range(len(self._rows))):
            if self._basis[index] < self._columns:
                continue
            row = self._rows[index]
            entering = next((c for c in range(self._columns) if row[c]), None)
            if entering is None:
                del self._rows[index]
                del self._basis[index]
            else:
                self._pivot(index, entering)
        for index, row in enumerate(self._rows):
            self._rows[index] = [*row[: self._columns], row[-1]]

    def _largest(self, column: int, sign: Fraction) -> Fraction:
        """The largest value of ``sign`` times the cell."""
        cost = [ZERO] * self._columns
        cost[column] = sign
        return self._improve(cost)

    def _improve(self, cost: Sequence[Fraction]) -> Fraction:
        """Move to the best solution for this cost, from the present one; its value."""
        while True:
            entering = self._entering(cost)
            if entering is None:
                return sum((cost[b] * row[-1] for b, row in self._basic()), ZERO)
            ratios = [
                (row[-1] / row[entering], self._basis[index], index)
                for index, row in enumerate(self._rows)
                if row[entering] > 0
            ]
            # Every cell that is asked about is part of a sum, so nothing grows without end.
            self._pivot(min(ratios)[2], entering)

    def _basic(self) -> Iterable[tuple[int, _Row]]:
        return zip(self._basis, self._rows, strict=True)

    def _entering(self, cost: Sequence[Fraction]) -> int | None:
        """The first variable that would better the value (Bland's rule)."""
        weighed = [(cost[b], row) for b, row in self._basic() if cost[b]]
        basis = set(self._basis)
        for column in range(len(cost)):
            if column in basis:
                continue
            if cost[column] > sum((weight * row[column] for weight, row in weighed), ZERO):
                return column
        return None

    def _pivot(self, index: int, entering: int) -> None:
        row = self._rows[index]
        scale = row[entering]
        if scale != 1:
            row = self._rows[index] = [value / scale for value in row]
        for other, old in enumerate(self._rows):
            factor = old[entering]
            if other != index and factor:
                self._rows[other] = [
                    a - factor * b if b else a for a, b in zip(old, row, strict=True)
                ]
        self._basis[index] = entering
