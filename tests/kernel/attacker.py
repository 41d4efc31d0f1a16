"""Somebody who wants to know: works out what they can from the figures that are shown.

Written apart from what it attacks: elimination over the rationals, and plain enumeration of every
table of whole numbers that agrees with what is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

Known = Sequence[tuple[frozenset[str], int]]


def worked_out(known: Known, wanted: frozenset[str]) -> int | None:
    """The number of people in these cells, if adding and subtracting sums gives it."""
    cells = sorted(wanted.union(*(members for members, _ in known)))
    rows = [[Fraction(cell in m) for cell in cells] + [Fraction(total)] for m, total in known]
    target = [Fraction(cell in wanted) for cell in cells] + [Fraction(0)]
    for column in range(len(cells)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [_without(row, pivot, column) for row in rows]
        target = _without(target, pivot, column)
    return None if any(target[:-1]) else int(-target[-1])


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column] / pivot[column]
    return [a - factor * b for a, b in zip(row, pivot, strict=True)]


def tables(known: Known) -> Iterator[Mapping[str, int]]:
    """Every table of whole numbers, none negative, over the cells that ``known`` speaks of."""
    cells = sorted(frozenset[str]().union(*(members for members, _ in known)))
    yield from _filled(cells, {}, known)


def _filled(cells: list[str], so_far: dict[str, int], known: Known) -> Iterator[Mapping[str, int]]:
    if len(so_far) == len(cells):
        yield so_far
        return
    cell = cells[len(so_far)]
    most = min(total for members, total in known if cell in members)
    for count in range(most + 1):
        tried = {**so_far, cell: count}
        if all(_fits(tried, members, total) for members, total in known):
            yield from _filled(cells, tried, known)


def _fits(tried: Mapping[str, int], members: frozenset[str], total: int) -> bool:
    held = sum(tried.get(cell, 0) for cell in members)
    return held == total if members <= tried.keys() else held <= total


def possible(known: Known, cell: str) -> set[int]:
    """Every number that this cell might hold, as far as the reader can tell."""
    return {table[cell] for table in tables(known)}
