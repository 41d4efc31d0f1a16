"""What is shown about people never tells of fewer than five, however it is added and subtracted."""

import pytest
from tests.kernel.attacker import possible, worked_out

from enquiry.kernel.smallnumbers import Table, crossed, grown, shown


def table(figures: dict[str, str], **cells: int) -> Table:
    return Table(cells, {name: frozenset(of) for name, of in figures.items()})


def known(of: Table, names: frozenset[str]) -> list[tuple[frozenset[str], int]]:
    return [(of.figures[name], of.count(name)) for name in sorted(names)]


def test_a_figure_about_five_people_is_shown() -> None:
    assert shown(table({"all": "a"}, a=5)) == {"all"}


def test_a_figure_about_four_people_is_withheld() -> None:
    assert shown(table({"all": "a"}, a=4)) == frozenset()


def test_a_school_may_ask_for_more_than_five() -> None:
    assert shown(table({"all": "a"}, a=9), n=10) == frozenset()


def test_no_total_of_nine_is_shown_beside_a_subgroup_of_seven() -> None:
    nine = table({"total": "ab", "subgroup": "a"}, a=7, b=2)
    assert worked_out(known(nine, frozenset(nine.figures)), frozenset("b")) == 2
    assert shown(nine) == {"total"}


def test_a_total_of_twelve_is_shown_beside_a_subgroup_of_seven() -> None:
    assert shown(table({"total": "ab", "subgroup": "a"}, a=7, b=5)) == {"total", "subgroup"}


def test_two_small_subgroups_are_not_shown_by_what_is_left_of_the_total() -> None:
    # The two are four people together, although each could be any of five numbers.
    of = table({"total": "abc", "most": "a"}, a=16, b=2, c=2)
    assert shown(of) == {"total"}


def test_a_small_cell_takes_a_second_one_in_its_row_and_in_its_column_with_it() -> None:
    counts = {("y7", "yes"): 8, ("y7", "no"): 3, ("y8", "yes"): 9, ("y8", "no"): 11}
    of = crossed(counts)
    assert shown(of) == {"*/*", "y7/*", "y8/*", "*/yes", "*/no"}


def test_what_has_nothing_to_do_with_a_small_cell_stays_shown() -> None:
    counts = {(row, column): 10 for row in ("y7", "y8", "y9") for column in ("a", "b", "c")}
    counts["y7", "a"] = 2
    of = crossed(counts)
    found = shown(of)
    totals = {name for name in of.figures if "*" in name}
    assert totals <= found
    assert len([name for name in found if "*" not in name]) == 5, "a square of four is withheld"


def test_everything_is_shown_where_nobody_is_few() -> None:
    of = crossed({(row, column): 5 for row in "ab" for column in "cd"})
    assert shown(of) == set(of.figures)


def test_an_answer_that_nobody_gave_is_not_told_by_what_everybody_gave() -> None:
    of = crossed({("all", "agree"): 12, ("all", "disagree"): 0})
    assert shown(of) == {"*/*", "all/*"}


def test_a_nested_subgroup_of_a_subgroup_is_not_worked_out() -> None:
    # 30 staff, 20 of them teachers, 17 of them in mathematics: three teach something else.
    figures = {"staff": "abc", "teachers": "ab", "mathematics": "a", "support": "c"}
    of = table(figures, a=17, b=3, c=10)
    found = shown(of)
    assert worked_out(known(of, found), frozenset("b")) is None
    assert found == {"staff", "teachers", "support"}


def test_only_somebody_who_can_count_below_nothing_could_be_stopped_by_elimination_alone() -> None:
    # Elimination finds nothing; that no cell is negative makes both empty.
    of = table({"total": "abc", "a": "a"}, a=5, b=0, c=0)
    everything = known(of, frozenset(of.figures))
    assert worked_out(everything, frozenset("b")) is None
    assert possible(everything, "b") == {0}
    assert shown(of) == {"total"}


def test_a_second_version_does_not_tell_who_came_since() -> None:
    before = crossed({("all", "agree"): 9, ("all", "disagree"): 8})
    after = crossed({("all", "agree"): 9, ("all", "disagree"): 10})
    told = shown(before)
    assert told == {"*/*", "all/*", "*/agree", "*/disagree", "all/agree", "all/disagree"}
    assert grown(before, told, after) == frozenset()


def test_a_second_version_is_shown_when_enough_have_come() -> None:
    before = crossed({("all", "agree"): 9, ("all", "disagree"): 8})
    after = crossed({("all", "agree"): 15, ("all", "disagree"): 14})
    assert grown(before, shown(before), after) == set(after.figures)


def test_a_version_in_which_nothing_changed_tells_what_was_told() -> None:
    of = crossed({("all", "agree"): 9, ("all", "disagree"): 8})
    assert grown(of, ["*/*"], of) == {"*/*"}


def test_no_second_version_is_made_of_a_table_that_somebody_has_left() -> None:
    before = crossed({("all", "agree"): 9})
    with pytest.raises(ValueError, match="new table"):
        grown(before, ["*/*"], crossed({("all", "agree"): 8}))


@pytest.mark.parametrize(
    "of",
    [
        table({"all": "a"}, a=-1),
        table({"all": "b"}, a=7),
    ],
)
def test_a_table_that_cannot_be_is_refused(of: Table) -> None:
    with pytest.raises(ValueError, match=r"negative|does not have"):
        shown(of)
