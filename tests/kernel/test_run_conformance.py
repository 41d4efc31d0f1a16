"""What every run has in common keeps to the same checks as any method, walked at random."""

from uuid import UUID

import msgspec
from tests.kernel.gathering import GATHERING, PLAN, REVIEW, ended, gathered, notes, started
from tests.kernel.test_run_evidence import SERVING, item, published, reviewed
from tests.kernel.valley import SERVED, around_runs, who

from enquiry.testing import Story, conformance, person
from enquiry.testing.harness import Stream

SOME = ("Petra", "Kelly", "Hamish", "Pip", "Declan", "Tom", "Grace")
_ALL = around_runs(enquiry=SERVING)
WORLD = msgspec.structs.replace(_ALL, people={name: person(name) for name in SOME})


def on_the_way() -> Story:
    """It has started; there is a note."""
    return notes(started(world=WORLD), "Kelly", "a note")


def invited() -> Story:
    """Tom has not answered yet."""
    invite = {"person": who("Tom"), "role": "walker"}
    return gathered(world=WORLD).who("Petra").does("invite-to-run", invite)


def out_in_the_open() -> Story:
    """Evidence was published, and the run is over."""
    return ended(published(reviewed(world=WORLD, enquiry=str(SERVED))))


def plan_run(stream: Stream, who_: UUID) -> dict[str, object]:
    """At the school where most of them work."""
    del stream, who_
    return PLAN


def review_identifiability(stream: Stream, who_: UUID) -> dict[str, object]:
    """Chance seldom checks everything."""
    del stream, who_
    return REVIEW


def publish_run_evidence(stream: Stream, who_: UUID) -> dict[str, object]:
    """Somebody proposes; somebody else confirms."""
    for id_, proposal in stream.live.state.proposals.items():
        if proposal.by != who_ and id_ not in stream.live.state.published.values():
            return {"confirms": str(id_)}
    outputs = [str(note) for note in stream.live.state.notes]
    return {"items": [{**item(), "output": output} for output in outputs[:1]] or [item()]}


def share_item(stream: Stream, who_: UUID) -> dict[str, object]:
    """Something of one's own, with everybody."""
    own = [str(id_) for id_ in stream.live.state.notes if stream.live.state.author_of(id_) == who_]
    return {"item": own[0] if own else str(who_), "audience": "group"}


def link_run(stream: Stream, who_: UUID) -> dict[str, object]:
    """There is one enquiry."""
    del stream, who_
    return {"enquiry": str(SERVED)}


test_conformance = conformance(
    GATHERING,
    world=WORLD,
    bodies={
        "plan-run": plan_run,
        "review-identifiability": review_identifiability,
        "publish-run-evidence": publish_run_evidence,
        "link-run": link_run,
        "share-item": share_item,
    },
    starts=(on_the_way, invited, out_in_the_open),
    walks=20,
    moves=20,
)
