"""What the README says of the own commands, facts, views and warnings is what it does."""

from pathlib import Path

import pytest

from enquiry import Move, Show
from enquiry.method.describe import condition
from enquiry_instructional_rounds import METHOD
from enquiry_instructional_rounds.warnings import WATCHES

README = Path(__file__).parents[3] / "plugins" / "instructional_rounds" / "README.md"
OWN = "instructional-rounds/"
OWN_MODULES = "enquiry_instructional_rounds"


def command_row(move: Move) -> str:
    """Command, who, facts, codes in the order in which they are judged."""
    kinds = {fact: kind for kind, fact in METHOD.facts.items()}
    codes = dict.fromkeys(rule.code for rule in sorted(move.rules, key=lambda rule: rule.step))
    cells = (
        f"`{move.kind}`" + (" (D)" if move.deviation else ""),
        ", ".join(role.name for role in move.by),
        ", ".join(f"`{kinds[fact].removeprefix(OWN)}`" for fact in move.facts),
        ", ".join(f"`{code}`" for code in codes) or "–",
    )
    return f"| {' | '.join(cells)} |"


def reader_row(kind: str, shows: list[Show]) -> str:
    """Fact, and who reads it besides its author."""
    return f"| `{kind.removeprefix(OWN)}` | {'; or '.join(map(_readers, shows))} |"


def _readers(show: Show) -> str:
    line = ", ".join(role.name for role in show.to)
    words = condition(show.when) if show.when else ""
    line += f", if: {words[:1].lower()}{words[1:]}" if words else ""
    return f"{line} (without {', '.join(show.hide)})" if show.hide else line


OWN_MOVES = tuple(move for move in METHOD.moves if OWN_MODULES in move.entry.__module__)
OWN_FACTS = tuple(kind for kind in METHOD.facts if kind.startswith(OWN))


def lines() -> list[str]:
    return README.read_text().splitlines()


@pytest.mark.parametrize("move", OWN_MOVES, ids=[move.kind for move in OWN_MOVES])
def test_each_command_stands_there_with_its_facts_and_codes(move: Move) -> None:
    assert command_row(move) in lines()


@pytest.mark.parametrize("kind", OWN_FACTS)
def test_each_row_of_visibility_stands_there(kind: str) -> None:
    shows = [show for show in METHOD.shows if show.fact is METHOD.facts[kind]]
    assert not shows or reader_row(kind, shows) in lines()


def test_each_read_model_stage_role_and_watch_is_named() -> None:
    text = README.read_text()
    every = (*METHOD.stages, *(stage for track in METHOD.tracks for stage in track.stages))
    names = [
        *(view.name for view in METHOD.views if OWN_MODULES in view.build.__module__),
        *(stage.name for stage in every),
        *(role.name for role in METHOD.roles),
        *(watch.code for watch in WATCHES),
    ]
    assert [name for name in names if f"`{name}`" not in text] == []
