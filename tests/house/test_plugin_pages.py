"""Every command stands on the page of its method, or on that of what all runs have in common."""

import importlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.house.tree import ROOT, plugins
from tests.kernel.casework import CASEWORK

from enquiry.method.codes import STEPS, WARNINGS
from enquiry.method.method import Method, Move

PLUGINS = ROOT / "plugins"
_CORE_ADDS = "acknowledge-warning"
_ANYWHERE = {"NOT_FOUND", "NOT_PERMITTED", "WRONG_STAGE", "VALIDATION_FAILED"}
"""What every command may meet, as every page says in words."""
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


def asked(method: Method, move: Move) -> Row:
    """What a page is to say of a command; codes in the order in which they are judged."""
    kinds = {fact: kind.removeprefix(f"{method.id}/") for kind, fact in method.facts.items()}
    rules = sorted(move.rules, key=lambda rule: rule.step)
    return Row(
        move.deviation,
        tuple(kinds[fact] for fact in move.facts),
        tuple(dict.fromkeys(rule.code for rule in rules)),
    )


def agrees(said: Row | None, wanted: Row) -> bool:
    """Whether a page says of a command what it is to say.

    It may name more codes than the rules do (a booking is refused by what the calendar says), if
    they are in the catalogue.
    """
    if said is None or said.deviation != wanted.deviation:
        return False
    own = tuple(code for code in said.refused if code in wanted.refused)
    others = {*said.refused} - {*own}
    return {*said.records} == {*wanted.records} and own == wanted.refused and others <= {*STEPS}


def line_of(move: Move, row: Row) -> str:
    """A row as it can be pasted."""
    cells = (
        f"`{move.kind}`" + (" (D)" if row.deviation else ""),
        ", ".join(role.name for role in move.by),
        ", ".join(f"`{kind}`" for kind in row.records),
        ", ".join(f"`{code}`" for code in row.refused) or "–",
    )
    return f"| {' | '.join(cells)} |"


METHODS: dict[str, Method] = {
    plugin: importlib.import_module(f"{package.name}.method").METHOD
    for plugin, package in plugins().items()
}
PLAIN: Method = CASEWORK
"""A run that adds little of its own to the common commands."""


def moves_of(method: Method) -> dict[str, Move]:
    return {move.kind: move for move in method.moves if move.kind != _CORE_ADDS}


def shared(method: Method) -> dict[str, Move]:
    """The commands of a method that record, first of all, a fact that all runs have."""
    kinds = {fact: kind for kind, fact in method.facts.items()}
    return {
        kind: move
        for kind, move in moves_of(method).items()
        if kinds[move.facts[0]].startswith("run/")
    }


def without_drawings(page: Path) -> str:
    assert page.exists(), f"{page} is missing"
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def page_of(plugin: str) -> str:
    return without_drawings(PLUGINS / plugin / "README.md")


COMMON = without_drawings(ROOT / "docs/runs.md")


def lacking(method: Method, moves: dict[str, Move], said: dict[str, Row]) -> list[str]:
    """The rows that a page is to have, where it has another or none."""
    wanted = {kind: asked(method, move) for kind, move in moves.items()}
    return [
        line_of(moves[kind], row) for kind, row in wanted.items() if not agrees(said.get(kind), row)
    ]


def test_the_common_page_says_what_every_run_can_do() -> None:
    said = rows(COMMON)
    assert lacking(PLAIN, shared(PLAIN), said) == []
    assert said.keys() == shared(PLAIN).keys()


def test_the_common_page_says_what_stays_possible_when_a_run_is_closed() -> None:
    marked = {kind for kind in rows(COMMON) if re.search(rf"^\| `{kind}`[^|]*\*", COMMON, re.M)}
    assert marked == {kind for kind, move in shared(PLAIN).items() if move.after_close}


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_says_what_each_command_records_and_why_it_is_refused(plugin: str) -> None:
    method, said = METHODS[plugin], rows(page_of(plugin))
    moves = moves_of(method)
    own = {kind: moves[kind] for kind in moves if kind in said or kind not in rows(COMMON)}
    missing = lacking(method, own, said)
    assert missing == [], "write instead:\n" + "\n".join(missing)
    assert said.keys() <= {*moves, _CORE_ADDS}


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_names_what_the_method_adds_to_common_commands(plugin: str) -> None:
    method, common, text = METHODS[plugin], rows(COMMON), page_of(plugin)
    quoted = set(_QUOTED.findall(text))
    added = {
        name
        for kind, move in shared(method).items()
        if kind in common and kind not in rows(text)
        for name in {*asked(method, move).records, *asked(method, move).refused}
        - {*common[kind].records, *common[kind].refused, *_ANYWHERE}
    }
    assert added - quoted == set()


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_names_every_stage_view_and_warning(plugin: str) -> None:
    method, text = METHODS[plugin], page_of(plugin)
    stages = (*method.stages, *(stage for track in method.tracks for stage in track.stages))
    names = {stage.name for stage in stages} | {view.name for view in method.views}
    names |= {watch.code for watch in method.watches}
    in_common = {watch.code for watch in PLAIN.watches} | {view.name for view in PLAIN.views}
    assert in_common - set(_QUOTED.findall(COMMON)) == set()
    assert names - set(_QUOTED.findall(text)) - in_common == set()


@pytest.mark.parametrize("plugin", METHODS)
def test_the_page_names_no_code_that_does_not_exist(plugin: str) -> None:
    method = METHODS[plugin]
    own = {rule.code for move in method.moves for rule in move.rules}
    said = {name for name in _QUOTED.findall(page_of(plugin)) if re.fullmatch("[A-Z_]{4,}", name)}
    assert said - STEPS.keys() - WARNINGS.keys() - own == set()


def test_a_page_that_says_something_else_is_found() -> None:
    method = METHODS["learning_walks"]
    [move] = [move for move in method.moves if move.kind == "close-corridor"]
    wanted = asked(method, move)
    head = "| Command | Who | Records | Refused with |\n| --- | --- | --- | --- |\n"
    line = line_of(move, wanted)
    assert "| `corridor-closed` | `NOT_FOUND`, `DEBRIEF_SHARE_MISSING` |" in line

    def holds(old: str, new: str) -> bool:
        assert old in line
        return agrees(rows(head + line.replace(old, new)).get(move.kind), wanted)

    assert holds("`NOT_FOUND`", "`NOT_FOUND`")
    assert holds("`NOT_FOUND`", "`NOT_FOUND`, `ROOM_CLASH`")
    assert not holds("`corridor-closed`", "`corridor-open`")
    assert not holds("`corridor-closed`", "`corridor-closed`, `visit-ended`")
    assert not holds("`NOT_FOUND`, ", "")
    assert not holds("`NOT_FOUND`, `DEBRIEF_SHARE_MISSING`", "`DEBRIEF_SHARE_MISSING`, `NOT_FOUND`")
    assert not holds("`NOT_FOUND`", "`NOT_FOUND`, `NOT_A_CODE`")
    assert not holds("`close-corridor`", "`close-corridor` (D)")
    assert not holds("`close-corridor`", "`close-the-corridor`")
