"""The map of who works with whom: schools through meetings, trials and runs; runs by stage."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.kernel.enquiry.group import SCHOOLS, brings, launched, reports, trying
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


def test_the_map_names_schools_and_nobody():
    told = meets(launched())
    assert not any(who(name) in str(told.view("network", "Ines")) for name in (*SCHOOLS, "Grace"))


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
