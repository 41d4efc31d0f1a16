"""A method that lets its people take back what they wrote keeps to the same checks as any."""

from uuid import UUID

from tests.kernel.gathering import notes, started
from tests.kernel.test_run_conformance import (
    WORLD,
    link_run,
    plan_run,
    publish_run_evidence,
    review_identifiability,
)
from tests.kernel.test_run_evidence import published, reviewed
from tests.kernel.test_run_retracting import RETRACTING
from tests.kernel.valley import SERVED

from enquiry.testing import Story, conformance
from enquiry.testing.harness import Stream


def on_the_way() -> Story:
    """It has started; there is a note."""
    return notes(started(RETRACTING, world=WORLD), "Kelly", "a note")


def out_in_the_open() -> Story:
    """Evidence was published."""
    return published(reviewed(method=RETRACTING, world=WORLD, enquiry=str(SERVED)))


def retract_contribution(stream: Stream, who_: UUID) -> dict[str, object]:
    """Something of one's own."""
    own = [str(id_) for id_ in stream.live.state.notes if stream.live.state.author_of(id_) == who_]
    return {"contribution": own[0] if own else str(who_)}


def share_item(stream: Stream, who_: UUID) -> dict[str, object]:
    """Something of one's own, with the group."""
    return {"item": retract_contribution(stream, who_)["contribution"], "audience": "group"}


test_conformance = conformance(
    RETRACTING,
    world=WORLD,
    bodies={
        "plan-run": plan_run,
        "review-identifiability": review_identifiability,
        "publish-run-evidence": publish_run_evidence,
        "link-run": link_run,
        "retract-contribution": retract_contribution,
        "share-item": share_item,
    },
    starts=(on_the_way, out_in_the_open),
    walks=8,
    moves=20,
)
