"""Norms: versions, and who adopted which."""

from tests.kernel.enquiry.group import NORMS, gathered, normed

from enquiry.testing import person


def test_norms_are_proposed_in_versions_and_adopted_by_each():
    told = gathered().who("Judith").does("propose-norms", NORMS).then("norms-proposed")
    told = told.who("Grace").does("adopt-norms", {"version": 1}).then("norms-adopted")
    assert told.live.state.norms.adopted_by(person("Grace"))


def test_a_new_version_is_adopted_afresh():
    told = normed(gathered()).who("Petra").does("propose-norms", NORMS)
    assert not told.live.state.norms.adopted_by(person("Judith"))
    told = told.who("Judith").does("adopt-norms", {"version": 1}).refused("PROPOSAL_SUPERSEDED")
    told.does("adopt-norms", {"version": 2}).then("norms-adopted")


def test_nobody_adopts_what_was_not_proposed():
    gathered().who("Judith").does("adopt-norms", {"version": 1}).refused("PROPOSAL_SUPERSEDED")


def test_of_two_who_propose_at_the_same_time_the_second_looks_again():
    told = gathered()
    seen = told.live.revision
    told = told.who("Judith").does("propose-norms", NORMS)
    told.who("Petra").does("propose-norms", NORMS, if_match=seen).refused("VERSION_CONFLICT")
