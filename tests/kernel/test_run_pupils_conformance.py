"""A run with a register of pupils keeps to the same checks as any method, walked at random."""

from uuid import UUID

from tests.kernel.casework import CASEWORK, asks, assents, consents, notice, sees, with_pupils
from tests.kernel.gathering import notes
from tests.kernel.test_run_conformance import (
    WORLD,
    link_run,
    plan_run,
    publish_run_evidence,
    review_identifiability,
    share_item,
)
from tests.kernel.test_run_evidence import published, reviews
from tests.kernel.valley import who

from enquiry.testing import Story, conformance
from enquiry.testing.harness import Stream


def looked_at() -> Story:
    """One pupil was seen, the other asked as well; Tom has not answered yet."""
    told = notice(sees(with_pupils(WORLD), "A", "a sighting"), "A", "be_observed")
    told = assents(consents(told, "B", "be_interviewed"), "B", "be_interviewed")
    told = asks(sees(told, "B", "another"), "B").who("Petra")
    return told.does("invite-to-run", {"person": who("Tom"), "role": "walker"})


def out_in_the_open() -> Story:
    """Evidence was published."""
    return published(reviews(notes(with_pupils(WORLD), "Kelly", "a note")))


def on_a_label(field: str = "pupil_label", **form: object):
    """Chance seldom hits upon a label that somebody has."""

    def body(stream: Stream, who_: UUID) -> dict[str, object]:
        labels = [*stream.live.state.pupils] or ["A"]
        return {**form, field: labels[who_.int % len(labels)]}

    return body


GIVEN = {"basis": "consent", "statement_version": 1, "given_by": "parent_carer"}
ASKED = {"purpose": "be_interviewed", "agrees": True}

test_conformance = conformance(
    CASEWORK,
    {
        "P09": "whoever is to settle on pupils learns which purpose lacks consent, and so that it "
        "was withdrawn; never why, nor by whom"
    },
    world=WORLD,
    bodies={
        "plan-run": plan_run,
        "link-run": link_run,
        "share-item": share_item,
        "review-identifiability": review_identifiability,
        "publish-run-evidence": publish_run_evidence,
        "record-consent": on_a_label(purposes=["be_interviewed", "be_observed"], **GIVEN),
        "withdraw-consent": on_a_label(purposes=["be_video_recorded"]),
        "record-assent": on_a_label(**ASKED),
        "research": on_a_label("label"),
    },
    starts=(looked_at, with_pupils, out_in_the_open),
    walks=12,
    moves=20,
)
