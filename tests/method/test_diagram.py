"""The statechart as a picture: it shows every stage and move, and needs no eyes to be read."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from tests.method import turns, walk, zoo

from enquiry.method.diagram import mermaid, svg
from enquiry.method.ink import wrapped

SVG = "{http://www.w3.org/2000/svg}"
METHODS = (walk.METHOD, turns.METHOD, zoo.SOUND, zoo.STUCK)


def _texts(drawn: str) -> list[str]:
    root = ElementTree.fromstring(drawn)
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("method", METHODS)
def test_every_stage_and_every_move_is_drawn(method) -> None:
    said = " ".join(_texts(svg(method))).replace("  ", " ")
    words = re.sub(r"\s+", "", said)
    for stage in (*method.stages, *(s for t in method.tracks for s in t.stages)):
        assert stage.name.replace("-", "") in words
    for move in method.moves:
        assert re.sub(r"\s+", "", move.title) in words


def test_the_present_stage_is_marked_by_a_word_and_not_by_colour_alone() -> None:
    assert "now" not in _texts(svg(walk.METHOD))
    assert "now" in _texts(svg(walk.METHOD, "walking"))
    assert "now" in _texts(svg(walk.METHOD, "corridor"))
    assert 'class="now"' in svg(walk.METHOD, "walking")


def test_the_picture_is_told_to_those_who_listen() -> None:
    root = ElementTree.fromstring(svg(walk.METHOD, "walking"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "How “A small walk” runs"
    told = root.find(f"{SVG}desc").text
    assert "Present stage: walking." in told
    assert "From planned to walking: Begin the walk (lead)." in told
    assert "From room to corridor: Step into the corridor (lead)." in told


def test_nothing_runs_and_nothing_is_fetched() -> None:
    drawn = svg(walk.METHOD)
    assert "<script" not in drawn
    assert "href" not in drawn
    assert re.findall(r"https?://[^\"]+", drawn) == ["http://www.w3.org/2000/svg"]


def test_a_track_is_a_box_inside_its_stage() -> None:
    assert "Visit × each" in _texts(svg(walk.METHOD))


def test_a_way_back_is_drawn() -> None:
    told = ElementTree.fromstring(svg(turns.METHOD)).find(f"{SVG}desc").text
    assert "From feedback to talking: Commit to an action and pass the chair (client)." in told


def _boxes(drawn: str) -> list[tuple[float, float, float, float]]:
    """Outer stages: x, y, width, height, in the order in which they are drawn."""
    found = []
    for group in ElementTree.fromstring(drawn).iter(f"{SVG}g"):
        first = group.find(f"{SVG}rect")
        if first is not None and first.get("class") in ("stage", "now"):
            x, y = map(float, re.findall(r"[-\d.]+", group.get("transform")))
            found.append((x, y, float(first.get("width")), float(first.get("height"))))
    return found


def test_stages_stand_below_one_another_without_touching() -> None:
    boxes = _boxes(svg(turns.METHOD))
    assert len(boxes) == 4
    for upper, lower in pairwise(boxes):
        assert upper[1] + upper[3] < lower[1]


def test_everything_is_inside_the_picture() -> None:
    for method in METHODS:
        root = ElementTree.fromstring(svg(method))
        width = float(root.get("width"))
        for x, _, box, _ in _boxes(svg(method)):
            assert x >= 0
            assert x + box <= width


def test_long_labels_are_wrapped_between_words() -> None:
    lines = wrapped("Say what you noticed, or that you have nothing to add", 140)
    assert all(len(line) <= 20 for line in lines)
    assert " ".join(lines) == "Say what you noticed, or that you have nothing to add"
    assert wrapped("incomprehensibilities", 20) == ["incomprehensibilities"]


def test_titles_cannot_break_the_markup() -> None:
    odd = type(zoo.SOUND)(
        **{name: getattr(zoo.SOUND, name) for name in zoo.SOUND.__struct_fields__}
        | {"title": 'A <b>"bold"</b> & daring diary'}
    )
    assert ElementTree.fromstring(svg(odd)).find(f"{SVG}title").text == (
        'How “A <b>"bold"</b> & daring diary” runs'
    )


def test_mermaid_says_the_same() -> None:
    drawn = mermaid(walk.METHOD)
    assert drawn.startswith("stateDiagram-v2\n")
    assert "  [*] --> s_planned: alliance member · plan-walk\n" in drawn
    assert 'state "Visit × each" as s_walking_s_room_each' in drawn
    assert "    s_room --> s_corridor: lead · end-visit\n" in drawn
    assert "  s_closed --> [*]\n" in drawn
    assert "[Walk with two to six. Schedule a visit first.]" in drawn


def test_no_label_of_mermaid_holds_what_would_end_it() -> None:
    for method in METHODS:
        for line in mermaid(method).splitlines()[1:]:
            assert line.count(":") <= 1
            assert ";" not in line
