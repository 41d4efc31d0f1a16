"""The board: what may be posted, what needs rewording, and what nobody can tell."""

from itertools import pairwise
from uuid import UUID

import pytest
from tests.plugins.instructional_rounds.examples import (
    SEEN,
    analysing,
    card,
    described,
    describing,
    on,
    pattern,
    posted,
    predicting,
    withdrawn,
)
from tests.plugins.instructional_rounds.looking import (
    asks_for,
    card_on_board,
    kinds,
    readers,
    texts_on_board,
)
from tests.plugins.instructional_rounds.school import NAMES, OBSERVERS

from enquiry.method import core_facts as core
from enquiry.testing import Story, named, person
from enquiry_instructional_rounds.views.cards import shuffled

JUDGED = "modelled"


def judged() -> Story:
    """Lewis has posted a card that judges."""
    return posted(described(), JUDGED)


def about(name: str, **more: object) -> dict[str, object]:
    return {"card": str(named(name)), **more}


def challenged(story: Story, by: str, name: str = "copied") -> Story:
    return story.who(by).does("challenge-card", about(name, prompt="what_did_you_see"))


def confirmed(story: Story, *names: str, card: str = JUDGED) -> Story:
    for name in names:
        story = story.who(name).does("confirm-descriptive", about(card))
    return story


def test_only_those_who_were_in_the_room_post_of_it() -> None:
    story = describing().who("Tom").does("post-card", card("sheet"))
    story.refused("OBSERVER_NOT_ASSIGNED")


def test_of_a_visit_that_there_is_not_nothing_is_posted() -> None:
    form = {**card("copied"), "visit_no": 77}
    describing().who("Grace").does("post-card", form).refused("NOT_FOUND")


@pytest.mark.parametrize(
    "text", ["Mr Patel showed three examples", "In S3 pupils drew", "9M1 copied it", "Patel waited"]
)
def test_a_card_names_no_teacher_room_or_class(text: str) -> None:
    form = {**card("copied"), "text": text}
    describing().who("Grace").does("post-card", form).refused("IDENTIFYING_TEXT")


def test_a_quotation_names_nobody_either() -> None:
    form = {**card("copied"), "text": '"Mr Patel says so"', "verbatim": True}
    describing().who("Grace").does("post-card", form).refused("IDENTIFYING_TEXT")


def test_a_card_that_judges_is_posted_and_needs_rewording() -> None:
    story = posted(described(), JUDGED).then("card-posted", warns=("EVALUATIVE_LANGUAGE",))
    shown = card_on_board(story, named(JUDGED))
    assert (shown["needs_rewording"], shown["flags"]) == (True, ["evaluative"])


def test_a_card_that_guesses_needs_rewording() -> None:
    form = {**card("copied"), "text": "Pupils were bored"}
    story = describing().who("Grace").does("post-card", form, called="bored")
    story = story.then("card-posted", warns=("INFERENCE_LANGUAGE",))
    assert card_on_board(story, named("bored"))["flags"] == ["inference"]


def test_a_quotation_may_judge() -> None:
    form = {**card("copied"), "text": '"It was excellent", a pupil said', "verbatim": True}
    story = describing().who("Grace").does("post-card", form, called="said")
    story = story.then("card-posted", warns=())
    assert not card_on_board(story, named("said"))["needs_rewording"]


def test_what_only_one_classroom_has_narrows() -> None:
    form = {**card("labelled"), "text": "In Year 8 the task asked for labels"}
    story = describing().who("Tom").does("post-card", form)
    story = story.then("card-posted", warns=("NARROWING_TEXT",))
    two = {**card("copied"), "text": "In Year 9 the task asked for labels"}
    story.who("Grace").does("post-card", two).then("card-posted", warns=())


def test_a_card_that_judges_supports_no_pattern() -> None:
    story = _analysing(judged())
    story = story.who("Petra").does("create-pattern", pattern("copied", JUDGED))
    story.refused("CARD_NOT_DESCRIPTIVE", pointer="/card_ids/1")


def _analysing(story: Story) -> Story:
    return story.who("Ines").does("advance-debrief", {"to": "analyse"})


def test_a_card_that_is_reworded_and_clean_supports_a_pattern() -> None:
    words = about(JUDGED, text="The teacher named each decision aloud")
    story = _analysing(judged()).who("Lewis").does("reword-card", words)
    story = story.then("card-reworded", resolves=("EVALUATIVE_LANGUAGE",))
    story = story.who("Petra").does("create-pattern", pattern("copied", JUDGED))
    story.then("pattern-created")


def test_new_words_that_judge_as_well_change_nothing() -> None:
    words = about(JUDGED, text="The modelling was great")
    story = judged().who("Lewis").does("reword-card", words)
    story = story.then(
        "card-reworded", warns=("EVALUATIVE_LANGUAGE",), resolves=("EVALUATIVE_LANGUAGE",)
    )
    assert card_on_board(story, named(JUDGED))["needs_rewording"]


def test_new_words_name_nobody() -> None:
    words = about(JUDGED, text="Mrs Abara named each decision")
    judged().who("Lewis").does("reword-card", words).refused("IDENTIFYING_TEXT")


def test_two_others_may_find_a_card_descriptive() -> None:
    story = confirmed(judged(), "Tom")
    assert card_on_board(story, named(JUDGED))["needs_rewording"]
    assert not card_on_board(confirmed(story, "Siân"), named(JUDGED))["needs_rewording"]


def test_everybody_counts_once() -> None:
    story = confirmed(judged(), "Tom", "Tom")
    assert card_on_board(story, named(JUDGED))["confirmed"] == 1


def test_an_author_does_not_confirm_the_own_card() -> None:
    confirmed(judged(), "Lewis").refused("NOT_PERMITTED")


def test_a_challenged_card_needs_rewording() -> None:
    story = challenged(described(), "Petra").then("card-challenged", warns=())
    shown = card_on_board(story, named("copied"))
    assert (shown["needs_rewording"], shown["prompts"]) == (True, ["what_did_you_see"])


def test_a_later_challenge_asks_for_two_again() -> None:
    story = confirmed(challenged(described(), "Petra"), "Tom", "Siân", card="copied")
    assert not card_on_board(story, named("copied"))["needs_rewording"]
    again = card_on_board(challenged(story, "Lewis"), named("copied"))
    assert (again["needs_rewording"], again["confirmed"]) == (True, 0)


def test_rewording_answers_a_challenge() -> None:
    words = about("copied", text="Twenty pupils copied three examples")
    story = challenged(described(), "Petra").who("Grace").does("reword-card", words)
    shown = card_on_board(story, named("copied"))
    assert (shown["needs_rewording"], shown["prompts"]) == (False, [])


@pytest.mark.parametrize("kind", ["reword-card", "withdraw-card"])
def test_only_its_author_words_a_card_anew_or_takes_it_back(kind: str) -> None:
    more = {"text": "Something else"} if kind == "reword-card" else {}
    described().who("Tom").does(kind, about("copied", **more)).refused("NOT_PERMITTED")


def test_a_card_that_was_taken_back_is_gone() -> None:
    story = described().who("Grace").does("withdraw-card", about("copied")).then("card-withdrawn")
    assert SEEN["copied"][3] not in texts_on_board(story)
    assert "card-posted" not in kinds(story, "Grace")
    challenged(story, "Petra").refused("NOT_FOUND")


@pytest.mark.parametrize("kind", ["challenge-card", "reword-card", "withdraw-card"])
def test_cards_are_worked_on_while_describing_and_analysing_alone(kind: str) -> None:
    form = {
        "challenge-card": about("copied", prompt="judgement"),
        "reword-card": about("copied", text="Pupils copied four examples"),
        "withdraw-card": about("copied"),
    }[kind]
    analysing().who("Grace").does(kind, form).then()
    predicting().who("Grace").does(kind, form).refused("DEBRIEF_ORDER")


def test_nobody_posts_while_analysing() -> None:
    posted(analysing(), "copied").refused("DEBRIEF_ORDER")


# What nobody can tell


def test_the_board_is_for_the_network() -> None:
    assert asks_for(described(), "debrief-board") == {"Ines", *OBSERVERS}


def test_the_board_shows_neither_author_nor_visit_nor_time() -> None:
    for shown in described().view("debrief-board", by="Tom")["cards"]:
        assert set(shown) == {
            "card",
            "text",
            "focus",
            "verbatim",
            "needs_rewording",
            "flags",
            "prompts",
            "confirmed",
        }


def test_the_board_is_the_same_for_everybody() -> None:
    story = described()
    boards = [story.view("debrief-board", by=name) for name in ("Ines", *OBSERVERS)]
    assert all(board == boards[0] for board in boards)


def test_the_order_of_the_board_does_not_follow_that_of_posting() -> None:
    def order(*names: str) -> list[str]:
        board = posted(describing(), *names).view("debrief-board", by="Ines")
        return [one["card"] for one in board["cards"]]

    names = tuple(name for name in SEEN if name != JUDGED)
    assert order(*names) == order(*reversed(names))
    assert order(*names) != on(*names)


def test_places_on_the_board_are_as_good_as_drawn() -> None:
    stream = described().settled().stream.live.stream
    cards = [UUID(int=number) for number in range(400)]
    places = sorted(cards, key=lambda id_: shuffled(stream, id_))
    rises = sum(1 for a, b in pairwise(places) if a < b)
    assert 150 < rises < 250


@pytest.mark.parametrize("name", NAMES)
def test_no_history_but_the_authors_holds_a_card_or_what_was_done_to_it(name: str) -> None:
    story = confirmed(challenged(judged(), "Petra"), "Tom", "Siân", card="copied")
    story = story.who("Lewis").does("reword-card", about(JUDGED, text="Each step was named"))
    mine = {
        "card-posted": {"Grace", "Nasreen", "Siân", "Tom", "Lewis"},
        "card-challenged": {"Petra"},
        "card-confirmed": {"Tom", "Siân"},
        "card-reworded": {"Lewis"},
    }
    for kind, authors in mine.items():
        assert (kind in kinds(story, name)) == (name in authors)


def test_not_even_its_author_reads_again_of_which_room_a_card_is() -> None:
    facts = [fact for fact in described().reads("Grace") if fact["kind"] == "card-posted"]
    assert [set(fact["data"]) for fact in facts] == [{"text", "focus", "verbatim", "flags"}]
    assert "visit" not in str(described().view("my-cards", by="Grace"))


def test_what_text_guard_remarks_of_a_card_is_its_authors_alone() -> None:
    story = judged()
    assert "EVALUATIVE_LANGUAGE" in story.warned("Lewis")
    for name in NAMES:
        if name != "Lewis":
            assert "EVALUATIVE_LANGUAGE" not in story.warned(name)
            assert str(person("Lewis")) not in str(
                [fact for fact in story.reads(name) if fact["kind"] == "warning-raised"]
            )


def test_posting_a_card_moves_no_warning_that_others_can_see() -> None:
    before, after = describing(), posted(describing(), "silent")
    for name in NAMES:
        if name != "Nasreen":
            assert before.warned(name) == after.warned(name)
            assert before.reads(name) == after.reads(name)


def test_a_correction_would_tell_whose_card_it_is_and_is_refused() -> None:
    form = {"contribution": str(named("copied")), "text": "It was four examples"}
    described().who("Grace").does("correction-note", form).refused("NOT_FOUND")


def test_a_card_is_shared_with_nobody() -> None:
    form = {"item": str(named("copied")), "audience": "staff"}
    described().who("Grace").does("share-item", form).refused("NOT_FOUND")


def test_nothing_is_posted_of_a_classroom_whose_teacher_withdrew() -> None:
    story = withdrawn(describing(), "Patel")
    posted(story, "copied").refused("CONSENT_WITHDRAWN")
    form = {**card("copied")}
    told = story.who("Petra").does("post-card", form)
    told.refused("OBSERVER_NOT_ASSIGNED")


def test_a_card_stands_in_no_other_event_than_its_own() -> None:
    story = described().settled()
    warnings = [f.entry for f in story.stream.recorded() if isinstance(f.entry, core.WarningRaised)]
    assert all(one.person is not None for one in warnings if one.about == str(named("silent")))
    assert readers(story, "card-posted") == {"Grace", "Nasreen", "Siân", "Tom"}
