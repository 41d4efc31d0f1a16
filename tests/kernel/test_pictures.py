"""Pictures of views: readable at 320 px, without colour and aloud, whatever is written there."""

from datetime import date
from xml.etree import ElementTree as Xml

import pytest
from tests.kernel.enquiry.group import concluded, launched
from tests.kernel.enquiry.test_meetings import meets

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.drawn import PICTURES
from enquiry.method.ink import CHAR

TOLD = meets(concluded())
SVG = "{http://www.w3.org/2000/svg}"
COUNTS = [[3, 4, 1, 1, 0], [0, 0, 0, 0, 5], [0, 0, 9, 0, 0], None, [1, 1, 1, 1, 1]]
NASTY = '</title><script>alert("x")</script>&' + "Donaudampfschifffahrtsgesellschaft" * 3


def item(statement, counts):
    return {"item": "imp_1", "statement": statement, "counts": counts}


ROUND = {
    "phase": "impact",
    "cycle": 1,
    "closes_on": "2027-03-01",
    "closed": False,
    "responded": 9,
    "items": [item(f"We have done {n}.", counts) for n, counts in enumerate(COUNTS)],
}


def drawn(name, told=TOLD):
    return PICTURES[name](told.view(name, "Grace"))


def texts(svg):
    return ["".join(one.itertext()) for one in Xml.fromstring(svg).iter(f"{SVG}text")]


def desc(svg):
    return Xml.fromstring(svg).findtext(f"{SVG}desc") or ""


def classes(svg):
    return {name for one in Xml.fromstring(svg).iter() for name in one.get("class", "").split()}


@pytest.mark.parametrize("told", [launched(), TOLD], ids=["empty", "full"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_a_narrow_sheet_with_a_title_and_the_same_in_words(name, told):
    svg = drawn(name, told)
    root = Xml.fromstring(svg)
    assert (root.get("width"), root.get("role")) == ("320", "img")
    assert root.findtext(f"{SVG}title") == root.get("aria-label") == texts(svg)[0]
    assert len(desc(svg)) > 20


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_fetched_and_nothing_runs(name):
    svg = drawn(name)
    assert "<script" not in svg
    assert "href" not in svg
    assert "url(http" not in svg


@pytest.mark.parametrize("name", PICTURES)
def test_on_a_dark_screen_colours_turn_and_on_paper_they_do_not(name):
    assert "@media screen and (prefers-color-scheme:dark)" in drawn(name)


def edges(svg):
    """The right edge of each line of text, by the width of an average character."""
    for one in Xml.fromstring(svg).iter(f"{SVG}text"):
        kind = one.get("class", "").split()
        for span in one:
            wide = len(span.text or "") * CHAR
            x = float(span.get("x", 0))
            yield x + (0 if "end" in kind else wide / 2 if "mid" in kind else wide)


@pytest.mark.parametrize("name", PICTURES)
def test_no_words_run_out_of_the_sheet(name):
    assert max(edges(drawn(name))) <= paper.WIDTH


@pytest.mark.parametrize(
    ("name", "view"),
    [
        (
            "measures",
            {"measures": [{**TOLD.view("measures", "Grace")["measures"][0], "name": NASTY}]},
        ),
        ("progress", {"rounds": [{**ROUND, "items": [item(NASTY, COUNTS[0])]}]}),
        (
            "network",
            {"schools": [{"school": n, "name": NASTY} for n in "ab"], "ties": [], "gaps": []},
        ),
    ],
)
def test_whatever_somebody_has_written_stays_words_on_the_sheet(name, view):
    svg = PICTURES[name](view)
    assert "<script" not in svg
    assert max(edges(svg)) <= paper.WIDTH


def test_words_that_were_erased_are_said_to_be():
    view = {"measures": [{**TOLD.view("measures", "Grace")["measures"][0], "name": {"gone": 1}}]}
    assert paper.ERASED in texts(PICTURES["measures"](view))


def test_answers_differ_by_pattern_and_number_and_few_are_not_told_apart():
    svg = PICTURES["progress"]({"rounds": [ROUND]})
    assert {"full", "half", "none", "spots", "cross"} <= classes(svg)
    assert "We have done 0. 3 strongly agree, 4 agree, 1 undecided, 1 disagree." in desc(svg)
    assert "We have done 3. Too few responded to be told apart." in desc(svg)


def test_bars_of_all_shapes_stay_within_the_margins():
    root = Xml.fromstring(PICTURES["progress"]({"rounds": [ROUND]}))
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("height") == "22"]
    spans = [(float(one.get("x")), float(one.get("width"))) for one in bars]
    assert len(spans) == sum(bool(n) for counts in COUNTS if counts for n in counts)
    assert min(x for x, _ in spans) >= paper.MARGIN - 0.01
    assert max(x + wide for x, wide in spans) <= paper.WIDTH - paper.MARGIN + 0.01


def test_a_measure_tells_its_way_from_the_baseline_to_the_target():
    view = TOLD.view("measures", "Grace")
    reading = {**view["measures"][0]["baselines"][0], "value": "63", "distance": "22"}
    reading |= {"on": "2027-02-02", "final": True}
    one = {**view["measures"][0], "readings": [reading], "distance": "22", "reached": True}
    said = desc(PICTURES["measures"]({"measures": [one]}))
    assert "Baseline of 8 Oct 26: 41. Final reading of 2 Feb 27: 63." in said
    assert "Distance travelled: +22. The target is reached." in said


def test_a_measure_without_numbers_is_told_in_words():
    view = TOLD.view("measures", "Grace")["measures"][0]
    bare = {**view, "baselines": [], "readings": [], "baseline_unobtainable": True}
    assert "The baseline cannot be had; nothing was read yet." in desc(
        PICTURES["measures"]({"measures": [bare]})
    )


def test_where_nobody_was_heard_the_matrix_says_none():
    svg = drawn("evidence-matrix")
    assert texts(svg).count("none") == 23
    assert "Student level, pupils: interview, 1." in desc(svg)
    assert "Student level: nothing was heard from implementing teachers, peers" in desc(svg)


def test_a_strategy_stands_where_it_was_aimed_and_where_it_was_achieved():
    place = {"near": {"distance": "near", "extent": "minor", "quadrant": "incremental"}}
    far = {"distance": "far", "extent": "major", "quadrant": "radical"}
    one = {"title": "Say it first", "aimed": place["near"], "achieved": far}
    svg = PICTURES["innovation-grid"]({"strategies": [one]})
    assert texts(svg).count("1") == 2
    assert desc(svg) == "1. Say it first: aimed for incremental, achieved radical."


def test_ties_differ_by_the_kind_of_line_and_are_listed():
    svg = drawn("network")
    assert {"dash", "dots"} <= classes(svg)
    assert "Ashlow and Beck Road: 1 meeting, 2 trials." in desc(svg)


def test_more_schools_than_fit_on_a_circle_are_listed():
    schools = [{"school": str(n), "name": f"School {n}"} for n in range(9)]
    svg = PICTURES["network"]({"schools": schools, "ties": [], "gaps": []})
    assert "full" not in classes(svg)
    assert "School 8." in desc(svg)


def test_phases_are_bands_and_schools_are_named_along_the_journey():
    svg = drawn("timeline")
    assert "Cycle 1: impact" in texts(svg)
    assert "Trial, deployed: Ashlow, Beck Road, Carrick." in desc(svg)


def test_what_is_decided_in_a_phase_stands_before_the_next_one():
    said = desc(drawn("timeline"))
    assert said.index("Decided, question") < said.index("Cycle 1: innovation")


def test_a_day_is_written_short():
    assert paper.short(date(2026, 11, 9).isoformat()) == "9 Nov 26"
