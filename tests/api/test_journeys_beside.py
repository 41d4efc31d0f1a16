"""Stories that stand beside others are played with them, and know their names."""

import textwrap
from pathlib import Path

import pytest
from tests.api.test_journeys import STORY, player, server, story

from enquiry_api.journeys.player import Player
from enquiry_api.journeys.story import StoryError, story_of

__all__ = ("player", "server")


def test_a_story_knows_the_names_of_those_beside_it_and_each_is_played_once(
    player: Player, tmp_path: Path
) -> None:
    (tmp_path / "circle.yaml").write_text(STORY)
    beside = """
    journey: A guest
    after: [part.yaml]
    beside: [circle.yaml]
    steps:
      - when: 2026-11-04 16:00
        who: petra
        do: reading-circle/invite-reader
        on: circle
        with: {person: $ines}
      - {who: ines, read: circle, expect: {shows: {/roles: [reader]}}}
    """
    guest = story_of(textwrap.dedent(beside), str(tmp_path / "guest.yaml"))
    assert player.play(guest, story(tmp_path)) == 4 + 3 + 2


def test_a_story_beside_one_that_is_not_there_says_so(player: Player, tmp_path: Path) -> None:
    alone = story_of("journey: A guest\nbeside: [nobody.yaml]\n", str(tmp_path / "guest.yaml"))
    with pytest.raises(StoryError, match=r"nobody\.yaml"):
        player.play(alone)
