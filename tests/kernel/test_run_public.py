"""What a run releases to the public takes a second reader and everybody's consent."""

import pytest
from tests.kernel.test_run_evidence import (
    FIRST,
    FURTHER,
    SECOND,
    confirms,
    item,
    noted,
    reviewed,
    reviews,
    serving,
)
from tests.kernel.valley import SERVED

from enquiry.kernel.identifiability import Audience

PEOPLE = ("Petra", "Kelly", "Hamish", "Pip", "Declan")
AGREES = {
    "purposes": ["publish_public"],
    "basis": "consent",
    "statement_version": 1,
    "valid_until": "2027-08-31",
}


def reads_it(told, name, audience="public"):
    return reviews(told, name, audience=audience, **dict.fromkeys(FURTHER, True))


def agree(told, *names):
    for name in names or PEOPLE:
        told = told.who(name).does("record-consent", AGREES).then()
    return told


def proposes(told, name="Kelly", audience="public"):
    form = {"items": [item()], "audience": audience}
    return told.who(name).does("publish-run-evidence", form, called="proposal")


def public(told=None):
    """Hamish has read it, Kelly proposed it; Petra has read it too, and confirmed."""
    told = proposes(reads_it(agree(told or noted()), "Hamish")).then(*FIRST)
    return confirms(reads_it(told, "Petra"), "Petra", called="publishing")


def test_the_public_takes_a_second_reader():
    told = proposes(reads_it(agree(noted()), "Hamish")).then(*FIRST)
    told = confirms(told, "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")
    confirms(reads_it(told, "Petra"), "Petra").then(*SECOND)


def test_reading_it_twice_does_not_make_two_readers():
    told = reads_it(reads_it(agree(noted()), "Hamish"), "Hamish")
    confirms(proposes(told), "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_a_reading_for_the_alliance_is_none_for_the_public():
    told = reviews(reads_it(agree(noted()), "Hamish"), "Petra", audience="alliance")
    confirms(proposes(told), "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")
    proposes(agree(reviewed())).refused("IDENTIFIABILITY_NOT_REVIEWED")


@pytest.mark.parametrize("audience", ["group", "school"])
def test_a_reading_for_few_releases_nothing_to_the_alliance(audience):
    told = reviews(noted(), audience=audience)
    proposes(told, audience="alliance").refused("IDENTIFIABILITY_NOT_REVIEWED")
    proposes(reads_it(told, "Hamish"), audience="alliance").then(*FIRST)


def test_a_change_after_the_second_reading_takes_both_again():
    told = reads_it(proposes(reads_it(agree(noted()), "Hamish")), "Petra")
    told = told.who("Kelly").does("reword", {"note": item()["output"], "text": "Eight"})
    confirms(told, "Petra").refused("VALIDATION_FAILED")
    proposes(told).refused("IDENTIFIABILITY_NOT_REVIEWED")


@pytest.mark.parametrize("name", PEOPLE)
def test_one_who_does_not_agree_is_enough_and_nobody_is_told_who(name):
    others = (one for one in PEOPLE if one != name)
    told = proposes(reads_it(agree(noted(), *others), "Hamish"))
    told.refused("SHARE_SCOPE_EXCEEDED", details=())


def test_the_alliance_needs_nobodys_consent_to_the_public():
    proposes(reviewed(), audience="alliance").then(*FIRST)


def test_readers_learn_for_whom_it_is():
    (shown,) = public().view("evidence", "Kelly")["publications"]
    assert shown["audience"] == "public"


def items(told):
    """Evidence as the enquiry has it: for whom at most, and whether it stands."""
    state = told.settled().stream.others[SERVED]
    return [(one.audience, one.stands) for one in state.items.values()]


def test_the_enquiry_learns_for_whom_it_is():
    assert items(public(serving())) == [(Audience.PUBLIC, True)]


def test_whoever_changes_their_mind_takes_it_back_from_the_public_alone():
    told = public(serving()).who("Declan")
    told = told.does("withdraw-consent", {"purposes": ["publish_public"]})
    assert items(told) == [(Audience.ALLIANCE, True)]
    (shown,) = told.view("evidence", "Kelly")["publications"]
    assert (shown["audience"], shown["items"][0]["stands"]) == ("alliance", True)
