"""The map of who works with whom: schools through meetings, trials and runs; runs by stage."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.kernel.enquiry.group import SCHOOLS, accounts, brings, launched, reports, trying
from tests.kernel.enquiry.test_meetings import meets
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, who

from enquiry.kernel.run.state import Run
from enquiry.method.rules import Reject
from enquiry.testing import named, person

RUN = named("a walk")
STARTED = datetime(2026, 10, 5, 9, tzinfo=UTC)


def ties(told, name="Grace"):
    shown = told.view("network", name)["ties"]
    return {(UUID(t["first"]), UUID(t["second"]), t["kind"]): t["strength"] for t in shown}


def serving(run, told=None):
    """The enquiry, and a run that serves it and stands like this."""
    told = (told or launched()).settled()
    stream = told.stream
    state = stream.live.state.but(runs={RUN: "learning-walk"})
    others = {**stream.others, RUN: run}
    return told.but(stream=stream.but(live=stream.live.but(state=state), others=others))


def test_schools_that_have_done_nothing_together_are_gaps():
    shown = launched().view("network", "Tom")
    assert [one["name"] for one in shown["schools"]] == ["Ashlow", "Beck Road", "Carrick"]
    assert shown["ties"] == []
    assert len(shown["gaps"]) == 3


def test_each_meeting_ties_the_schools_whose_people_were_there():
    told = meets(meets(launched()), number=2)
    assert ties(told)[ASHLOW, CARRICK, "meeting"] == 2
    assert told.view("network", "Grace")["gaps"] == []


def test_a_strategy_ties_the_schools_that_deployed_it():
    told = reports(reports(trying(), "Judith"), "Petra", "partly")
    told = reports(told, "Hamish", "not_deployed")
    assert ties(told) == {(ASHLOW, BECK_ROAD, "trial"): 1}
    gaps = [
        (UUID(gap["first"]), UUID(gap["second"])) for gap in told.view("network", "Tom")["gaps"]
    ]
    assert gaps == [(ASHLOW, CARRICK), (BECK_ROAD, CARRICK)]


def test_a_run_ties_the_schools_of_its_people_also_of_those_who_left():
    run = Run(started_at=STARTED, school=ASHLOW, people={person("Petra"): ("walker",)})
    assert ties(serving(run)) == {(ASHLOW, BECK_ROAD, "run"): 1}
    left = run.but(people={}, former=(person("Petra"),))
    assert ties(serving(left)) == ties(serving(run))


def test_a_run_that_has_not_begun_ties_nobody():
    run = Run(school=ASHLOW, people={person("Petra"): ("walker",)})
    assert ties(serving(run)) == {}


def in_person(told, name):
    """Ties and gaps between people, as somebody sees them."""
    shown = told.view("network", name)
    ties = {
        (frozenset((one["first"], one["second"])), one["kind"]): one["strength"]
        for one in shown["people"]
    }
    return ties, {frozenset((one["first"], one["second"])) for one in shown["people_gaps"]}


def pair(*names):
    return frozenset(who(name) for name in names)


def test_people_are_tied_by_meetings_that_both_attended():
    ties, gaps = in_person(meets(meets(launched()), number=2), "Grace")
    assert ties[pair("Grace", "Tom"), "meeting"] == 2
    assert (len(ties), gaps) == (5, set())


def test_whoever_missed_every_meeting_is_a_gap_to_the_others():
    told = meets(launched())
    told = told.who("Ines").does("invite-member", {"person": who("Kelly")})
    told = told.who("Kelly").does("accept-invitation")
    ties, gaps = in_person(told, "Kelly")
    assert (ties, len(gaps)) == ({}, 6)
    assert in_person(told, "Grace")[1] == {pair("Grace", "Kelly")}


def test_people_are_tied_by_a_strategy_of_which_both_gave_an_account():
    told = trying()
    for name in ("Judith", "Petra"):
        told = accounts(reports(told, name), name)
    ties, gaps = in_person(told, "Judith")
    assert ties == {(pair("Judith", "Petra"), "trial"): 1}
    assert pair("Judith", "Hamish") in gaps
    taken = told.who("Petra").does("withdraw-account", {"account": str(named("account Petra 1"))})
    assert in_person(taken, "Judith")[0] == {}


def test_members_see_only_their_own_ties_and_facilitators_those_of_all():
    told = meets(launched())
    for name in (*SCHOOLS, "Grace", "Tom"):
        ties, gaps = in_person(told, name)
        assert ties
        assert all(who(name) in two for two in (*(two for two, _ in ties), *gaps))
    assert len(in_person(told, "Ines")[0]) == 15


def test_nobody_is_on_the_map_by_a_run():
    run = Run(started_at=STARTED, school=ASHLOW, people={person("Petra"): ("walker",)})
    assert in_person(serving(run), "Ines")[0] == {}


def test_the_map_of_schools_names_nobody():
    shown = meets(launched()).view("network", "Ines")
    of_schools = str({key: shown[key] for key in ("schools", "ties", "gaps")})
    assert not any(who(name) in of_schools for name in (*SCHOOLS, "Grace"))


@pytest.mark.parametrize("view", ["network", "runs", "ethics", "triangulation"])
def test_nobody_outside_reads_these_views(view):
    with pytest.raises(Reject, match="nothing here"):
        launched().view(view, "Kelly")


@pytest.mark.parametrize(
    ("run", "stage"),
    [
        (Run(), "planned"),
        (Run(started_at=STARTED), "under_way"),
        (Run(started_at=STARTED, over_at=STARTED), "over"),
        (Run(over_at=STARTED), "over"),
        (None, "planned"),
    ],
)
def test_a_run_of_the_enquiry_is_shown_with_how_far_it_has_come(run, stage):
    (shown,) = serving(run).view("runs", "Grace")["runs"]
    assert (shown["method"], shown["stage"], shown["evidence"]) == ("learning-walk", stage, 0)
    assert not {"title", "people", "lead"} & shown.keys()


def test_evidence_that_a_member_brought_is_not_counted_for_a_run():
    (shown,) = serving(Run(), brings(launched())).view("runs", "Grace")["runs"]
    assert shown["evidence"] == 0
