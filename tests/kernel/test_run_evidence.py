"""Evidence leaves a run de-identified, reviewed, by two people, and stays marked when it falls."""

import pytest
from tests.kernel.gathering import REVIEW, build, ended, joins, kinds, notes, started
from tests.kernel.valley import HERE, SERVED, around_runs

from enquiry.kernel.enquiry.received import EvidenceReceived
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.forms import PublishRunEvidence
from enquiry.kernel.run.settings import More
from enquiry.kernel.run.state import CollectionMethod, Respondents
from enquiry.method.method import Elsewhere
from enquiry.method.rules import Reject
from enquiry.testing import named, person

SERVING = Enquiry(
    members=(person("Petra"), person("Grace")),
    ethics_reviewed=True,
    reasons={"gathering": True},
)


def item(output="a note", text="Nine of twelve books show a change", **more):
    return {
        "output": str(named(output)),
        "text": text,
        "collection_method": "observation",
        "respondents": "pupils",
        "level": "student",
        **more,
    }


def noted(**settings):
    """A run with one note, which is an output."""
    return notes(started(**settings), "Kelly", "a note").then()


def reviewed(**settings):
    return reviews(noted(**settings))


def reviews(told, name="Hamish", **changes):
    return told.who(name).does("review-identifiability", {**REVIEW, **changes})


def publishes(told, name, *items, called="proposal"):
    form = {"items": [*items] or [item()]}
    return told.who(name).does("publish-run-evidence", form, called=called)


def confirms(told, name, proposal="proposal", called=None):
    form = {"confirms": str(named(proposal))}
    return told.who(name).does("publish-run-evidence", form, called=called)


def published(told):
    """Kelly has proposed it and Petra confirmed."""
    return confirms(publishes(told, "Kelly"), "Petra", called="publishing").then()


FIRST, SECOND = ("evidence-proposed",), ("evidence-published",)


# Review


def test_evidence_is_reviewed_before_it_is_published():
    publishes(noted(), "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")
    publishes(reviewed(), "Petra").then(*FIRST)


def test_a_review_older_than_the_output_does_not_count():
    told = reviewed().who("Kelly").does("reword", {"note": str(named("a note")), "text": "Eight"})
    told = publishes(told, "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")
    publishes(reviews(told), "Petra").then(*FIRST)


def test_a_review_that_is_not_confirmed_does_not_count():
    told = reviews(noted(), confirm=False, names_removed=False).then("identifiability-reviewed")
    publishes(told, "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")


@pytest.mark.parametrize("point", ["names_removed", "roles_unclear", "no_unique_events"])
def test_nobody_confirms_what_they_have_not_checked(point):
    reviews(noted(), **{point: False}).refused("VALIDATION_FAILED", pointer=f"/{point}")


def test_one_output_that_was_not_reviewed_is_enough_to_wait():
    told = notes(reviewed(), "Kelly", "another")
    publishes(told, "Petra", item(), item("another")).refused("IDENTIFIABILITY_NOT_REVIEWED")


# Two people


@pytest.mark.parametrize(("first", "second"), [("Petra", "Kelly"), ("Kelly", "Petra")])
def test_it_takes_the_lead_and_one_other(first, second):
    told = publishes(reviewed(), first).then(*FIRST)
    confirms(told, second).then(*SECOND)


@pytest.mark.parametrize(
    ("first", "second"), [("Petra", "Petra"), ("Kelly", "Kelly"), ("Kelly", "Hamish")]
)
def test_one_person_is_not_two_and_one_of_the_two_leads(first, second):
    told = publishes(reviewed(), first).then(*FIRST)
    confirms(told, second).refused("NOT_PERMITTED")


def test_the_same_words_from_two_people_are_two_proposals():
    """What was typed twice is not known to be the same: nothing outside its seal tells."""
    told = publishes(reviewed(), "Petra")
    publishes(told, "Kelly", called="another").then(*FIRST)


def test_one_either_proposes_or_confirms():
    told = publishes(reviewed(), "Kelly").who("Petra")
    both = {"items": [item()], "confirms": str(named("proposal"))}
    told = told.does("publish-run-evidence", both).refused("VALIDATION_FAILED", pointer="/items")
    told = told.does("publish-run-evidence", {})
    told.refused("VALIDATION_FAILED", pointer="/items")


def test_what_was_published_is_not_published_again():
    confirms(published(reviewed()), "Petra").refused("NOT_FOUND")


def test_of_two_who_confirm_at_the_same_time_one_is_told_that_it_is_done():
    told = joins(reviewed(), "Judith")
    told = publishes(told, "Petra")
    told = confirms(told, "Kelly").then(*SECOND)
    confirms(told, "Judith").refused("NOT_FOUND")


def test_nobody_confirms_what_was_never_proposed():
    confirms(reviewed(), "Petra").refused("NOT_FOUND")
    told = notes(reviewed(), "Kelly", "no proposal")
    confirms(told, "Petra", "no proposal").refused("NOT_FOUND")


def test_a_proposal_from_before_the_output_changed_was_for_something_else():
    told = publishes(reviewed(), "Petra")
    told = told.who("Kelly").does("reword", {"note": str(named("a note")), "text": "Eight"})
    told = confirms(reviews(told), "Kelly").refused("VALIDATION_FAILED", pointer="/confirms")
    confirms(publishes(told, "Petra", called="afresh"), "Kelly", "afresh").then(*SECOND)


def test_a_proposal_of_somebody_who_has_left_does_not_count():
    told = publishes(reviewed(), "Kelly").who("Kelly").does("leave-run")
    confirms(told, "Petra").refused("NOT_FOUND")


def test_pupils_and_hosts_publish_nothing_and_learn_of_no_proposal():
    publishes(reviewed(), "Pip").refused("NOT_PERMITTED")
    publishes(reviewed(), "Declan").refused("NOT_PERMITTED")
    told = publishes(reviewed(), "Petra")
    confirms(told, "Pip").refused("NOT_FOUND")
    confirms(told, "Declan").refused("NOT_FOUND")


def test_evidence_can_be_published_after_the_end():
    published(ended(reviewed()))


# What it rests on


def test_evidence_rests_on_outputs_that_stand():
    told = publishes(reviewed(), "Petra", item(), item("nothing"))
    told.refused("SHARE_SCOPE_EXCEEDED", pointer="/items/1/output")


def test_what_was_withdrawn_meanwhile_is_not_published():
    told = publishes(reviewed(), "Petra").who("Declan")
    told = told.does("withdraw-consent", {"purposes": ["be_observed"]})
    confirms(told, "Kelly").refused("SHARE_SCOPE_EXCEEDED", pointer="/confirms")


@pytest.mark.parametrize(
    ("field", "value"),
    [("collection_method", "guess"), ("respondents", "ghosts"), ("level", "cosmic"), ("text", " ")],
)
def test_each_piece_says_how_it_was_gathered_whose_view_it_is_and_at_which_level(field, value):
    told = publishes(reviewed(), "Petra", item(**{field: value}))
    told.refused("VALIDATION_FAILED", pointer=f"/items/0/{field}")


def test_the_lists_are_those_of_the_domain():
    assert len(CollectionMethod) == 8
    assert len(Respondents) == 9


# Who reads it


def read(told, name):
    try:
        return [
            (piece["text"], piece["stands"])
            for one in told.view("evidence", name)["publications"]
            for piece in one["items"]
        ]
    except Reject as refused:
        return refused.code


PIECE = ("Nine of twelve books show a change", True)


def test_evidence_of_a_run_that_serves_no_enquiry_stays_within_its_school():
    told = published(reviewed())
    found = {name: read(told, name) for name in told.stream.world.people}
    readers = {name for name, pieces in found.items() if pieces == [PIECE]}
    assert readers == {"Petra", "Kelly", "Hamish", "Declan", "Tom"}
    assert {found[name] for name in set(found) - readers} == {"NOT_FOUND"}


def test_evidence_of_a_run_that_serves_one_is_for_its_members_too():
    told = published(serving())
    assert read(told, "Grace") == [PIECE]
    assert kinds(told, "Grace") == ["planned", "evidence-proposed", "evidence-published"]
    assert read(told, "Judith") == "NOT_FOUND"


def test_whoever_joins_later_reads_it_as_well():
    told = joins(published(reviewed()), "Judith")
    assert read(told, "Judith") == [PIECE]
    assert "evidence-published" in kinds(told, "Judith")


def test_before_anything_is_published_there_is_nothing_to_read():
    told = publishes(reviewed(), "Petra")
    assert read(told, "Petra") == read(told, "Tom") == "NOT_FOUND"
    assert {fact["kind"] for fact in told.reads("Tom")} == set()


def test_whoever_takes_part_reads_what_waits_for_a_second_person():
    told = publishes(reviewed(), "Kelly")
    (waiting,) = told.view("proposed-evidence", "Petra")["proposals"]
    assert waiting["id"] == str(named("proposal"))
    assert waiting["by"] == str(person("Kelly"))
    assert [piece["text"] for piece in waiting["items"]] == [PIECE[0]]
    for name in ("Tom", "Declan", "Pip"):
        with pytest.raises(Reject, match="nothing here"):
            told.view("proposed-evidence", name)
    with pytest.raises(Reject, match="nothing here"):
        confirms(told, "Petra").then(*SECOND).view("proposed-evidence", "Kelly")


def test_a_snapshot_remains_and_is_marked_when_what_it_rests_on_is_withdrawn():
    told = published(reviewed()).who("Declan")
    told = told.does("withdraw-consent", {"purposes": ["be_observed"]}).then(warns=[])
    text, _ = PIECE
    assert read(told, "Tom") == read(told, "Petra") == [(text, False)]


# The enquiry


def serving():
    return reviewed(world=around_runs(enquiry=SERVING), enquiry=str(SERVED))


def received(told):
    return told.settled().stream.others[SERVED].evidence


def test_the_enquiry_learns_which_run_published_what_once_both_have():
    told = publishes(serving(), "Kelly")
    assert received(told) == {}
    told = confirms(told, "Petra", called="publishing").then(*SECOND, "evidence-received")
    assert received(told) == {named("publishing"): told.live.stream}
    assert list(told.live.state.published) == [named("publishing")]


def sends(s, e, ctx):
    yield Elsewhere(SERVED, "enquiry", EvidenceReceived(run=HERE, publication=ctx.id))


def test_what_a_method_adds_takes_nothing_from_the_enquiry():
    more = {PublishRunEvidence: More(also=sends)}
    told = reviewed(
        method=build(more=more), world=around_runs(enquiry=SERVING), enquiry=str(SERVED)
    )
    told = publishes(told, "Kelly").then(*FIRST, "evidence-received")
    confirms(told, "Petra").then(*SECOND, "evidence-received", "evidence-received")


def test_what_was_published_before_is_the_enquirys_once_the_run_is_linked():
    told = published(reviewed(world=around_runs(enquiry=SERVING)))
    assert received(told) == {}
    assert read(told, "Grace") == "NOT_FOUND"
    told = told.who("Petra").does("link-run", {"enquiry": str(SERVED)})
    told = told.then("linked", "run-joined", "evidence-received")
    assert received(told) == {named("publishing"): told.live.stream}
    assert read(told, "Grace") == [PIECE]


def test_a_run_that_is_over_is_linked_to_the_enquiry_that_asks_for_what_it_found():
    told = ended(published(reviewed(world=around_runs(enquiry=SERVING))))
    told = told.who("Petra").does("link-run", {"enquiry": str(SERVED)})
    told = told.then("linked", "run-joined", "evidence-received")
    assert read(told, "Grace") == [PIECE]


def test_what_one_enquiry_was_told_does_not_come_before_another():
    told = published(serving()).who("Petra").does("link-run", {"enquiry": str(SERVED)})
    told.refused("WRONG_STAGE")


def test_nothing_is_published_to_an_enquiry_whose_ethics_review_is_open():
    told = serving().settled()
    reopened = SERVING.but(ethics_reviewed=False)
    told = told.but(stream=told.stream.but(others={**told.stream.others, SERVED: reopened}))
    publishes(told, "Petra").refused("ETHICS_REVIEW_REQUIRED")


# The review


FURTHER = ("no_photos", "no_dates_and_places", "no_combination")


@pytest.mark.parametrize("point", ["names_removed", "roles_unclear", "no_unique_events", *FURTHER])
def test_a_review_that_confirms_has_said_no_to_nothing(point):
    told = reviews(noted(), **{point: False})
    told.refused("VALIDATION_FAILED", pointer=f"/{point}")


def test_a_review_for_the_public_answers_every_question():
    told = reviews(noted(), audience="public")
    told.refused("VALIDATION_FAILED", pointer="/no_photos")
    told = reviews(noted(), audience="public", **dict.fromkeys(FURTHER, True))
    told.then("identifiability-reviewed")


def test_a_review_that_holds_it_back_may_say_what_is_amiss():
    reviews(noted(), no_photos=False, confirm=False).then("identifiability-reviewed")
