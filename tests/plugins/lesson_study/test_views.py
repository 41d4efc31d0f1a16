"""What each read model shows, and to whom."""

import pytest
from tests.plugins.lesson_study.examples import (
    PARENTS,
    again,
    begun,
    completed,
    consented,
    discussed,
    discussing,
    draft,
    interviewed,
    locked,
    observed,
    predicted,
    reviewed,
    seen,
    studied,
    talked,
    taught,
    two_lessons,
)

from enquiry import Reject
from enquiry.testing import Story, named, person

WITHIN = ("group", "plans", "matrix", "interviews", "progress", "technique", "fidelity")
OUTSIDE = ("Anya", "Helen", "Hamish", "Ines", "Maya")


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_study_is_not_there_for_anybody_else(name: str) -> None:
    story = completed()
    assert story.reads(name) == []
    for view in (*WITHIN, "observer-sheet", "discussions", "study", "lessons-held", "pupils"):
        with pytest.raises(Reject):
            story.view(view, name)
    story.who(name).does("record-observation", seen(1, "A")).refused("NOT_FOUND")


def test_the_group_reads_everything() -> None:
    story = completed()
    for name in ("Petra", "Kelly", "Declan", "Mei"):
        for view in (*WITHIN, "observer-sheet", "discussions", "study", "lessons-held"):
            assert story.view(view, name) is not None


def test_plans_tell_their_versions_and_how_lessons_differ() -> None:
    story = again(discussed(), 2, "Kelly")
    story = story.who("Kelly").does("plan-next-lesson", {"carried_forward": "say it"})
    longer = draft(10, 15, 20)
    longer["stages"].append({"title": "look back", "minutes": 5, "teacher_activity": "listens"})
    story = story.does("draft-plan", longer).does("edit-plan", draft(10, 10, 20))
    shown = story.view("plans", "Mei")
    assert [(v["number"], v["change"]) for v in shown["lessons"][2]["history"]] == [
        (1, "drafted"),
        (2, "edited"),
    ]
    assert [v["minutes"] for v in shown["lessons"][2]["history"]] == [[10, 15, 20, 5], [10, 10, 20]]
    rows = shown["differences"]
    assert [row["changed"] for row in rows] == [False, True, True]
    assert [stage["minutes"] for stage in rows[1]["lessons"]] == [15, 15, 10]


def test_the_matrix_sets_what_was_seen_beside_what_was_predicted() -> None:
    story = begun().who("Kelly").does("record-observation", seen(2, "B", match="different"))
    [lesson] = story.view("matrix", "Mei")["lessons"]
    cells = {(cell["stage_no"], cell["pupil"]): cell for cell in lesson["cells"]}
    assert len(cells) == 9
    cell = cells[2, "B"]
    assert (cell["predicted"], cell["matches"]) == ("Will fold again and count", ["different"])
    assert cell["observations"][0]["text"] == "B folded in four and coloured two parts"
    assert cells[1, "A"]["matches"] == []


def test_across_the_cycle_it_counts_how_often_predictions_came_true() -> None:
    story = two_lessons()
    assert story.view("matrix", "Kelly")["across"] == [
        {"pupil": label, "lessons": [[1, 3, 3], [2, 3, 3]]} for label in "ABC"
    ]


def test_an_observer_has_a_sheet_of_their_own_that_says_all_that_is_needed() -> None:
    assert predicted().view("observer-sheet", "Kelly") == {"sheet": None}
    sheet = locked().view("observer-sheet", "Kelly")["sheet"]
    assert (sheet["pupils"], sheet["open"], len(sheet["predictions"])) == (["A", "B"], False, 6)
    story = begun().who("Kelly").does("record-observation", seen(1, "A"))
    sheet = story.view("observer-sheet", "Kelly")["sheet"]
    assert (sheet["open"], len(sheet["mine"]), len(sheet["stages"])) == (True, 1, 3)
    assert story.view("observer-sheet", "Declan")["sheet"]["mine"] == []
    assert story.view("observer-sheet", "Petra") == {"sheet": None}


def test_observations_and_interviews_can_be_written_offline() -> None:
    kinds = {move.kind for move in locked().stream.compiled.method.moves if move.offline}
    assert kinds == {"record-observation", "record-interview"}


def test_interviews_are_shown_with_the_pupils_words() -> None:
    [shown] = interviewed().view("interviews", "Mei")["interviews"]
    assert shown["quotes"] == [{"pupil": "B", "text": '"both bits match"'}]
    assert (shown["lesson_no"], shown["pupils"]) == (1, ["B"])


def test_the_technique_log_tells_what_came_of_a_change() -> None:
    [row] = talked().view("technique", "Kelly")["rows"]
    assert (row["before"], row["after"]) == ([3 * 3, 9], None)
    first = two_lessons().view("technique", "Kelly")["rows"][0]
    assert (first["lesson_no"], first["after"]) == (1, [9, 9])
    assert first["change"]["adjustment"] == "hide halves that are drawn already"


def test_progress_is_told_pupil_by_pupil_over_the_lessons() -> None:
    shown = completed().view("progress", "Petra")
    told = [(row["pupil"], row["lesson_no"]) for row in shown["judgements"]]
    assert told == [(label, number) for label in "ABC" for number in (1, 2)]
    assert [row["pupil"] for row in shown["overall"]] == ["A", "B", "C"]


def test_a_coordinator_sees_that_lessons_were_held_and_nothing_else() -> None:
    story = completed()
    held = story.view("lessons-held", "Corin")
    assert held == {
        "lessons": [
            {"lesson_no": 1, "day": "2027-01-12", "discussed": True},
            {"lesson_no": 2, "day": "2027-01-26", "discussed": True},
        ],
        "complete": True,
    }
    assert story.reads("Corin") == []
    with pytest.raises(Reject):
        story.view("matrix", "Corin")


def test_fidelity_is_the_groups_own() -> None:
    body = {"rule": "LS-E10", "reason": "C had left early."}
    story = discussed().who("Petra").does("record-deviation", body)
    shown = story.view("fidelity", "Mei")
    assert (shown["deviations"], shown["lessons"]) == (["LS-E10"], [[1, 9, 9]])
    for name in ("Helen", "Corin"):
        with pytest.raises(Reject):
            story.view("fidelity", name)


def shared(audience: str, *artefacts: str, quotes_of: str = "") -> Story:
    """The study is shared; all pupils' families agree to it, those of B to quotes."""
    purpose = {"staff": "share_school", "alliance": "share_alliance"}[audience]
    story = consented(reviewed(), "ABC", purpose, **PARENTS)
    story = consented(story, "B", "quote_verbatim", **PARENTS).who("Petra")
    body = {"audience": audience, "artefacts": list(artefacts), "quotes_of": list(quotes_of)}
    return story.does("share-study", body)


@pytest.mark.parametrize(
    ("audience", "readers", "others"),
    [("staff", ("Anya", "Helen"), ("Hamish", "Ines")), ("alliance", ("Anya", "Hamish"), ())],
)
def test_a_study_is_read_by_the_audience_it_is_shared_with(
    audience: str, readers: tuple[str, ...], others: tuple[str, ...]
) -> None:
    story = shared(audience, "matrix")
    for name in readers:
        assert len(story.view("study", name)["lessons"]) == 2
    for name in others:
        assert story.reads(name) == []
        with pytest.raises(Reject):
            story.view("study", name)


NEVER = ("4N", "Novák", "Maisie", "Jonah", "Amir")
FILLED = {
    "findings": ("findings", "Folding lets pupils see equal parts."),
    "plans": ("lessons", "fold before you count"),
    "matrix": ("lessons", "Will fold again and count"),
    "observations": ("lessons", "C folded in four"),
    "progress": ("overall", "folds first now"),
    "technique": ("changes", "hide halves that are drawn already"),
}


@pytest.mark.parametrize("artefact", FILLED)
def test_only_what_was_shared_is_shown_and_nobody_is_named(artefact: str) -> None:
    story = shared("alliance", artefact)
    shown = str(story.view("study", "Hamish")) + str(story.reads("Hamish"))
    people = [str(person(name)) for name in ("Petra", "Kelly", "Declan", "Mei")]
    assert [word for word in (*NEVER, *people) if word in shown] == []
    for name, (_, words) in FILLED.items():
        assert (words in shown) is (name == artefact), name


def test_words_are_shown_of_those_alone_who_may_be_quoted() -> None:
    story = shared("alliance", "observations", "quotes", quotes_of="B")
    shown = story.view("study", "Hamish")
    assert shown["lessons"][0]["quotes"] == [{"pupil": "B", "text": '"both bits match"'}]
    mute = shared("alliance", "observations")
    assert mute.view("study", "Hamish")["lessons"][0]["quotes"] == []
    assert "interview-recorded" not in {fact["kind"] for fact in mute.reads("Hamish")}


def test_literal_words_in_an_observation_are_quotes() -> None:
    said = seen(1, "B", text='"It is half"', evidence_kind="said", verbatim=True)
    story = observed(begun()).who("Kelly").does("record-observation", said)
    story = two_lessons(discussed(talked(_talking(story))))
    story = consented(reviewed(completed(story)), "ABC", "share_school", **PARENTS).who("Petra")
    body = {"audience": "staff", "artefacts": ["observations"]}
    story = story.does("share-study", body)
    assert "It is half" not in str(story.view("study", "Anya"))
    story = consented(story, "B", "quote_verbatim", **PARENTS).who("Petra")
    body = {"audience": "staff", "artefacts": ["quotes"], "quotes_of": ["B"]}
    story = story.does("share-study", body)
    assert "It is half" in str(story.view("study", "Anya"))


def _talking(story: Story) -> Story:
    return discussing(interviewed(taught(story)))


def test_something_of_ones_own_is_shared_within_the_group_only() -> None:
    story = observed().who("Kelly")
    item = {"item": str(named("seen-1-1-A")), "audience": "group"}
    story.does("share-item", item).then("item-shared")
    for audience in ("staff", "network"):
        story.does("share-item", {**item, "audience": audience}).refused("SHARE_SCOPE_EXCEEDED")
    story.does("share-item", {**item, "audience": "person"}).refused(
        "INDIVIDUAL_FEEDBACK_FORBIDDEN"
    )


def test_no_form_scores_a_lesson() -> None:
    scored = {"key": "k", "value": "3", "scored": True}
    body = {"form": "f", "target": "lesson-1", "values": [scored]}
    studied().who("Kelly").does("attach-form", body).refused("GRADING_FORBIDDEN")
