"""What the pages for frontends and for stories say is what the code does."""

import re
from pathlib import Path

import pytest
from tests.api.world import World

from enquiry_api import live, offline, params, purposes, strictjson, tokens
from enquiry_api.app import EXPOSED
from enquiry_api.codes import EDGE
from enquiry_api.journeys.scenes import scenes
from enquiry_api.journeys.story import Expect, Step, Story, expectation, story_of
from enquiry_api.serving import COOKIE

ROOT = Path(__file__).resolve().parents[2]
FRONTENDS = (ROOT / "docs" / "frontends.md").read_text("utf-8")
RUNNING_TEXT = " ".join(FRONTENDS.split())
JOURNEYS = (ROOT / "docs" / "journeys.md").read_text("utf-8")


def test_every_code_of_the_edge_is_named_and_no_other() -> None:
    listed = re.search(r"Codes of HTTP itself.*?\.\n\n", FRONTENDS, re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"`([A-Z_]+)`", listed[0])) == set(EDGE)


def test_every_purpose_is_named() -> None:
    for purpose in (*purposes.ALLOWED, *purposes.FORBIDDEN):
        assert f"`{purpose}`" in FRONTENDS


def test_headers_that_a_frontend_reads_are_named() -> None:
    to_come = {"RateLimit", "RateLimit-Policy", "Deprecation", "Sunset"}
    for header in set(EXPOSED) - to_come:
        assert f"`{header}`" in FRONTENDS, header
    for param in (*params.ACTING, params.IF_MATCH, params.IF_NONE_MATCH, params.NOW):
        assert param.name in FRONTENDS, param.name


def test_bounds_are_those_of_the_code() -> None:
    assert f"{strictjson.BODY_BYTES_MAX:,} bytes and {strictjson.DEPTH_MAX} levels" in RUNNING_TEXT
    assert f"(1 to {params.PAGE_MAX}, {params.PAGE_DEFAULT} if not said)" in RUNNING_TEXT
    assert f"up to {offline.ITEMS_MAX} together" in RUNNING_TEXT
    assert f"every {live.HEARTBEAT_SECONDS:.0f} seconds" in RUNNING_TEXT
    assert f"at most {params.WAIT_MAX:.0f} seconds ({params.WAIT_DEFAULT:.0f} if" in RUNNING_TEXT
    assert live.STREAMS_EACH_MAX == 12
    assert "twelve streams" in RUNNING_TEXT
    assert COOKIE in RUNNING_TEXT
    assert tokens.SECONDS_DEFAULT == 12 * 60 * 60


async def test_every_address_that_is_named_is_served(here: World) -> None:
    served = {endpoint.path for endpoint in here.app.endpoints}
    pattern = re.compile(r"(?<![\w.])/(?:v1/[\w{}/.-]*|livez|readyz|metrics)")
    named = {path.rstrip("/.") for path in pattern.findall(FRONTENDS)}
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in served]
    any_action = re.compile(r"/v1/runs(/\{id\})?/actions(/.*)?")
    for path in named:
        there = any(one.fullmatch(path) for one in patterns) or any_action.fullmatch(path)
        assert there or path in ("/v1", "/v1/codes/IDENTIFYING_TEXT"), path


def words(heading: str, page: str) -> set[str]:
    """The first column of the table under a heading."""
    section = page.split(f"\n## {heading}\n", 1)[1]
    table = section.split("\n| Word |", 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


WRITTEN_BY_NOBODY = {"line", "path"}


@pytest.mark.parametrize(
    ("heading", "struct"),
    [("A story", Story), ("A step", Step), ("What must come back", Expect)],
)
def test_every_word_of_the_format_is_explained_and_no_other(heading: str, struct: type) -> None:
    known = set(struct.__struct_encode_fields__) - WRITTEN_BY_NOBODY
    assert words(heading, JOURNEYS) == known


def test_the_whole_story_can_be_read() -> None:
    text = re.search(r"```yaml\n(.*?)```", JOURNEYS, re.DOTALL)
    assert text is not None
    story = story_of(text[1], "docs/journeys.md")
    assert len([expectation(scene.step) for scene in scenes(story)]) == 5
    assert [(ROOT / path).is_file() for path in story.after] == [True]
