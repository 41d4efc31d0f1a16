"""What holds for every table, against somebody who adds, subtracts and tries every table."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.attacker import possible, worked_out

from enquiry.kernel.smallnumbers import Table, crossed, grown, shown

N = 3
"""Small enough for every table to be tried."""
A_COUNT = st.integers(0, 7)


@st.composite
def squares(draw: st.DrawFn) -> Table:
    """Two or three rows by two columns, with all totals and perhaps a subgroup of rows."""
    rows = ["r1", "r2", "r3"][: draw(st.integers(2, 3))]
    counts = {(row, column): draw(A_COUNT) for row in rows for column in ("yes", "no")}
    groups = {"both": rows[:2]} if draw(st.booleans()) else {}
    return crossed(counts, groups)


@st.composite
def nests(draw: st.DrawFn) -> Table:
    """Groups within groups within a total."""
    cells = {name: draw(A_COUNT) for name in "abcde"}
    figures = {"all": "abcde", "left": "abc", "inner": "ab", "right": "de", "a": "a", "d": "d"}
    return Table(cells, {name: frozenset(of) for name, of in figures.items()})


TABLES = st.one_of(squares(), nests())


def told(of: Table, names: frozenset[str]) -> list[tuple[frozenset[str], int]]:
    return [(of.figures[name], of.count(name)) for name in sorted(names)]


@settings(deadline=None)
@given(of=TABLES)
def test_no_withheld_figure_about_few_people_is_worked_out(of: Table) -> None:
    known = told(of, shown(of, N))
    small = {name for name in of.figures if of.count(name) < N}
    for name in small:
        assert worked_out(known, of.figures[name]) is None
    for cell, count in of.cells.items():
        assert count >= N or worked_out(known, frozenset([cell])) is None


@settings(deadline=None)
@given(of=TABLES)
def test_no_two_figures_differ_by_few_people(of: Table) -> None:
    found = shown(of, N)
    for a in found:
        for b in found:
            if of.figures[b] < of.figures[a]:
                assert of.count(a) - of.count(b) >= N


@settings(max_examples=60, deadline=None)
@given(of=TABLES)
def test_whoever_tries_every_table_is_left_with_more_than_n_numbers(of: Table) -> None:
    known = told(of, shown(of, N))
    spoken_of = frozenset[str]().union(*(members for members, _ in known))
    for cell, count in of.cells.items():
        if count < N and cell in spoken_of:
            left = possible(known, cell)
            assert count in left
            assert max(left) - min(left) >= N


@settings(deadline=None)
@given(of=TABLES)
def test_nothing_more_could_be_shown(of: Table) -> None:
    found = shown(of, N)
    for name in set(of.figures) - found:
        assert of.count(name) < N or shown(of, N, [*found, name]) >= found | {name}
        assert of.count(name) < N or _tells_too_much(of, found | {name})


def _tells_too_much(of: Table, names: frozenset[str]) -> bool:
    known = told(of, names)
    spoken_of = frozenset[str]().union(*(members for members, _ in known))
    small = [cell for cell, count in of.cells.items() if count < N and cell in spoken_of]
    spans = (possible(known, cell) for cell in small)
    return any(max(span) - min(span) < N for span in spans)


@settings(deadline=None)
@given(counts=st.dictionaries(st.sampled_from("abcd"), st.integers(N, 20), min_size=1))
def test_everything_is_shown_where_no_cell_is_small(counts: dict[str, int]) -> None:
    of = crossed({("all", name): count for name, count in counts.items()})
    assert shown(of, N) == set(of.figures)


@settings(deadline=None)
@given(of=TABLES)
def test_the_total_is_shown_whenever_there_are_enough_people(of: Table) -> None:
    total = max(of.figures, key=lambda name: len(of.figures[name]))
    assert (total in shown(of, N)) == (of.count(total) >= N)


@settings(max_examples=40, deadline=None)
@given(of=squares(), came=st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_two_versions_together_tell_of_nobody_who_came_between(of: Table, came: list[int]) -> None:
    first = shown(of, N)
    cells = {cell: n + more for (cell, n), more in zip(of.cells.items(), came, strict=False)}
    after = Table(cells, of.figures)
    second = grown(of, first, after, N)
    known = [(_named(of, name, "before"), of.count(name)) for name in first]
    known += [
        (_named(of, name, "before") | _named(of, name, "since"), after.count(name))
        for name in second
    ]
    for cell, count in of.cells.items():
        more = cells[cell] - count
        if cells != dict(of.cells) and more < N:
            assert worked_out(known, frozenset([f"since {cell}"])) is None
        if count < N:
            assert worked_out(known, frozenset([f"before {cell}"])) is None


def _named(of: Table, name: str, when: str) -> frozenset[str]:
    return frozenset(f"{when} {cell}" for cell in of.figures[name])
