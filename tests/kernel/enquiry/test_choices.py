"""Choosing a method, and being able to say why."""

import msgspec
import pytest
from tests.kernel.enquiry.group import (
    CHOICE,
    SCHOOLS,
    TRIED,
    adopts,
    agreed,
    launched,
    proposes,
    responds,
)
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK

from enquiry.kernel.reasons import VAGUE, has_reason
from enquiry.testing import Story, named


@pytest.mark.parametrize(
    "said",
    [
        *sorted(VAGUE),
        "Not sure.",
        "  not   SURE ",
        "Don\u2019t know",
        "N/A!",
        "tbc…",
        "(unsure)",
        "\uff54\uff42\uff43",
        ".",
        "  ",
    ],
)
def test_a_reason_that_says_that_nobody_knows_is_none(said):
    assert not has_reason(said)


@pytest.mark.parametrize("said", ["We are not sure, and want to see", "Because we always do it"])
def test_a_reason_is_whatever_else_is_said(said):
    assert has_reason(said)


def test_no_reason_is_none():
    assert not has_reason(None)


def chosen(experience=TRIED, called=None, **changes):
    choice = {**CHOICE, **changes}
    return agreed(
        launched(), "method_choice", called=called, method_choice=choice, experience=experience
    )


def amends(told, reason, name="Petra", choice="method_choice"):
    form = {"choice": str(named(choice)), "reason": reason}
    return told.who(name).does("amend-method-reason", form)


def test_a_method_chosen_with_a_reason_raises_nothing():
    told = chosen().then("decision-adopted", "method-chosen", warns=[])
    assert told.live.state.reasoned_methods == ("learning-walk",)


@pytest.mark.parametrize("reason", ["TBC", None])
def test_a_method_chosen_without_a_reason_is_remarked_to_the_group(reason):
    told = chosen(reason=reason).then(warns=["METHOD_WITHOUT_REASON"])
    (warning,) = told.live.warnings.values()
    assert (warning.severity, warning.params) == ("gate", {"method": "learning-walk"})
    assert told.warned("Grace") == told.warned("Ines") == ["METHOD_WITHOUT_REASON"]


def test_any_member_gives_the_reason_later_without_reopening_the_decision():
    told = amends(chosen(reason="Not sure"), "unsure").then(warns=[])
    assert told.live.state.reasoned_methods == ()
    told = amends(told, "We see many rooms")
    told = told.then("method-reason-amended", resolves=["METHOD_WITHOUT_REASON"])
    assert told.live.state.reasoned_methods == ("learning-walk",)


def test_a_reason_is_for_a_choice_that_was_made():
    amends(launched(), "Many rooms").refused("NOT_FOUND")


def test_a_reason_is_not_lost_by_choosing_again():
    choice = {**CHOICE, "reason": None}
    told = agreed(chosen(), "method_choice", called="again", method_choice=choice, experience=TRIED)
    assert told.live.state.reasons == {"learning-walk": True}


@pytest.mark.parametrize("experience", [[], [{"school": str(ASHLOW), "used": "never"}]])
def test_a_method_that_nobody_has_used_is_to_be_explained_first(experience):
    chosen(experience).then(warns=["METHOD_UNFAMILIAR"])


def test_a_school_that_opts_out_is_remarked():
    told = chosen(applies_to=[str(ASHLOW), str(BECK_ROAD)])
    told = told.then(warns=["METHOD_NOT_APPLIED_BY_ALL"])
    assert told.live.state.choices[0].left_out == (CARRICK,)


def installed(told: Story, *methods: tuple[str, int]) -> Story:
    """The same story, where these methods are installed from now on."""
    settled = told.settled()
    world = msgspec.structs.replace(settled.stream.world, installed=frozenset(methods))
    return settled.but(stream=settled.stream.but(world=world))


def chooses(told: Story, **changes: object) -> Story:
    return proposes(told, "method_choice", method_choice={**CHOICE, **changes}, experience=TRIED)


def test_a_method_that_is_installed_can_be_proposed_and_adopted():
    told = installed(launched(), ("learning-walk", 1), ("learning-walk", 2))
    told = agreed(told, "method_choice", method_choice={**CHOICE, "version": 2})
    assert told.live.state.choices[0].method == "learning-walk"


def test_a_method_that_is_not_installed_is_not_proposed():
    told = installed(launched(), ("lesson-study", 1))
    pointer = "/method_choice/method"
    chooses(told).refused("METHOD_NOT_REGISTERED", pointer=pointer)
    chooses(told, method="lesson-study", version=2).refused("METHOD_NOT_REGISTERED")


def test_a_proposal_is_not_revised_to_a_method_that_is_not_installed():
    told = chooses(installed(launched(), ("learning-walk", 1))).settled()
    form = {"proposal": str(named("method_choice")), "experience": TRIED}
    strange = {**form, "method_choice": {**CHOICE, "method": "lesson-study"}}
    told.does("revise-proposal", strange).refused("METHOD_NOT_REGISTERED")
    told.does("revise-proposal", {**form, "method_choice": CHOICE}).then("proposal-revised")


def test_a_method_that_was_removed_since_is_not_adopted():
    told = chooses(installed(launched(), ("learning-walk", 1)))
    for name in SCHOOLS:
        told = responds(told, name, "method_choice")
    adopts(installed(told, ("lesson-study", 1)), "method_choice").refused("METHOD_NOT_REGISTERED")
    adopts(told, "method_choice").then("decision-adopted", "method-chosen")


def test_other_proposals_do_not_ask_for_methods():
    told = installed(launched())
    proposes(told, "recommendation", statement="Talk first").then("decision-proposed")
