"""Every method's README says of each command what it records and why it is refused."""

import importlib
import re
from dataclasses import dataclass

import pytest
from tests.house.tree import ROOT

from enquiry.method.codes import STEPS, WARNINGS
from enquiry.method.method import Method, Move

PLUGINS = ROOT / "plugins"
_CORE_ADDS = "acknowledge-warning"
_QUOTED = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Row:
    """What a page says of one command."""

    deviation: bool
    records: tuple[str, ...]
    refused: tuple[str, ...]


def rows(page: str) -> dict[str, Row]:
    """The commands of a page, from tables with columns Command, Records and Refused with."""
    found: dict[str, Row] = {}
    header: list[str] = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            header = []
        elif not header:
            header = cells
        elif {"Command", "Records", "Refused with"} <= set(header) and _QUOTED.search(cells[0]):
            cell = dict(zip(header, cells, strict=True))
            found[_QUOTED.findall(cell["Command"])[0]] = Row(
                "(D)" in cell["Command"],
                tuple(_QUOTED.findall(cell["Records"])),
                tuple(_QUOTED.findall(cell["Refused with"])),
            )
    return found


def differences(method: Method, move: Move, row: Row) -> list[str]:
    """In what a page and a command do not agree.

    A page may name more codes than the rules do (a booking is refused by what the calendar says),
    if they are in the catalogue; those of the rules stand in the order in which they are judged.
    """
    kinds = {fact: kind.removeprefix(f"{method.id}/") for kind, fact in method.facts.items()}
    records = {kinds[fact] for fact in move.facts}
    codes = list(dict.fromkeys(r.code for r in sorted(move.rules, key=lambda rule: rule.step)))
    wrong: list[str] = []
    if set(row.records) != records:
        wrong.append(f"records {sorted(records)}")
    if [code for code in row.refused if code in codes] != codes:
        wrong.append(f"is refused with {codes}, in this order")
    if unknown := [code for code in row.refused if code not in {*STEPS, *codes}]:
        wrong.append(f"is never refused with {unknown}")
    if row.deviation != move.deviation:
        wrong.append("(D) stands at commands that record a deviation, and only there")
    return wrong


METHODS: dict[str, Method] = {
    path.parents[2].name: importlib.import_module(f"{path.parent.name}.method").METHOD
    for path in sorted(PLUGINS.glob("*/src/*/method.py"))
}


def page_of(plugin: str) -> str:
    """The page without its drawings."""
    page = PLUGINS / plugin / "README.md"
    assert page.exists(), f"{plugin} has no README.md"
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_has_every_command_and_no_other(plugin: str) -> None:
    moves = {move.kind for move in METHODS[plugin].moves}
    assert rows(page_of(plugin)).keys() - {_CORE_ADDS} == moves - {_CORE_ADDS}


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_says_what_each_command_records_and_why_it_is_refused(plugin: str) -> None:
    method, said = METHODS[plugin], rows(page_of(plugin))
    wrong = {
        move.kind: differences(method, move, said[move.kind])
        for move in method.moves
        if move.kind in said and move.kind != _CORE_ADDS
    }
    assert {kind: all_ for kind, all_ in wrong.items() if all_} == {}


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_names_every_stage_view_and_warning(plugin: str) -> None:
    method, text = METHODS[plugin], page_of(plugin)
    stages = (*method.stages, *(stage for track in method.tracks for stage in track.stages))
    names = {stage.name for stage in stages} | {view.name for view in method.views}
    names |= {watch.code for watch in method.watches}
    quoted = set(_QUOTED.findall(text))
    assert names - quoted == set()


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_names_no_code_that_does_not_exist(plugin: str) -> None:
    method = METHODS[plugin]
    own = {rule.code for move in method.moves for rule in move.rules}
    said = {name for name in _QUOTED.findall(page_of(plugin)) if re.fullmatch("[A-Z_]{4,}", name)}
    assert said - STEPS.keys() - WARNINGS.keys() - own == set()


def test_a_page_that_says_something_else_is_found() -> None:
    method = METHODS["learning_walks"]
    [move] = [move for move in method.moves if move.kind == "close-corridor"]
    row = "| `close-corridor` | lead | `corridor-closed` | `NOT_FOUND`, `DEBRIEF_SHARE_MISSING` |"
    table = "| Command | Who | Records | Refused with |\n| --- | --- | --- | --- |\n" + row

    def wrong(old: str, new: str) -> int:
        return len(differences(method, move, rows(table.replace(old, new))["close-corridor"]))

    assert wrong("", "") == 0
    assert wrong("`corridor-closed`", "`corridor-open`") == 1
    assert wrong("`corridor-closed`", "`corridor-closed`, `visit-ended`") == 1
    assert wrong("`NOT_FOUND`, ", "") == 1
    assert (
        wrong("`NOT_FOUND`, `DEBRIEF_SHARE_MISSING`", "`DEBRIEF_SHARE_MISSING`, `NOT_FOUND`") == 1
    )
    assert wrong("`NOT_FOUND`", "`NOT_FOUND`, `NOT_A_CODE`") == 1
    assert wrong("`close-corridor`", "`close-corridor` (D)") == 1
