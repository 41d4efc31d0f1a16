"""What the README says of commands, warnings, readers and read models is what the method does."""

from pathlib import Path

import pytest

from enquiry.method.describe import condition
from enquiry.method.method import Move, Show
from enquiry_lesson_study import METHOD
from enquiry_lesson_study.warnings import WATCHES

README = Path(__file__).parents[3] / "plugins" / "lesson_study" / "README.md"


def command_row(move: Move) -> str:
    """Command, who, events, codes in the order in which they are judged."""
    kinds = {fact: kind for kind, fact in METHOD.facts.items()}
    codes = dict.fromkeys(rule.code for rule in sorted(move.rules, key=lambda rule: rule.step))
    cells = (
        f"`{move.kind}`" + (" (D)" if move.deviation else ""),
        ", ".join(role.name for role in move.by),
        ", ".join(f"`{kinds[fact].removeprefix('lesson-study/')}`" for fact in move.facts),
        ", ".join(f"`{code}`" for code in codes) or "–",
    )
    return f"| {' | '.join(cells)} |"


def reader_row(shows: list[Show]) -> str:
    """Fact, and who reads it besides its author."""
    kind = next(kind for kind, fact in METHOD.facts.items() if fact is shows[0].fact)
    return f"| `{kind.removeprefix('lesson-study/')}` | {'; or '.join(map(_readers, shows))} |"


def _readers(show: Show) -> str:
    line = ", ".join(role.name for role in show.to)
    line += " of today" if show.today else ""
    line += f", once `{show.since.name}` has begun" if show.since else ""
    line += f", if: {condition(show.when).lower()}" if show.when else ""
    return f"{line}, without {' and '.join(show.hide)}" if show.hide else line


OWN = {fact for kind, fact in METHOD.facts.items() if kind.startswith("lesson-study/")}
MOVES = tuple(move for move in METHOD.moves if move.entry.__module__.startswith("enquiry_lesson"))
"""Its own commands; what all methods share is not this page's to say."""


@pytest.mark.parametrize("move", MOVES, ids=[move.kind for move in MOVES])
def test_each_command_stands_there_with_its_events_and_codes(move: Move) -> None:
    assert command_row(move) in README.read_text().splitlines()


def test_each_row_of_visibility_stands_there() -> None:
    lines = README.read_text().splitlines()
    for fact in OWN:
        shows = [show for show in METHOD.shows if show.fact is fact]
        if shows:
            assert reader_row(shows) in lines


def test_each_read_model_stage_and_watch_is_named() -> None:
    text = README.read_text()
    every = (*METHOD.stages, *(stage for track in METHOD.tracks for stage in track.stages))
    own = [view for view in METHOD.views if view.build.__module__.startswith("enquiry_lesson")]
    names = [view.name for view in own] + [stage.name for stage in every]
    for name in (*names, *(watch.code for watch in WATCHES)):
        assert f"`{name}`" in text
