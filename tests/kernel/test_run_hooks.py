"""What a method may say about the common commands: where it is, who owns, what a review is."""

from uuid import UUID

import msgspec

from enquiry.kernel.run import Run, forms
from enquiry.kernel.vocabulary import Purpose
from enquiry.method.entry import Was
from enquiry.testing import named, person
from enquiry.testing.story import MORNING


def _was(revision: int) -> Was:
    return Was(named("review"), revision, MORNING, person("Petra"))


class Theirs(Run):
    """A run whose items belong to Nia, and which two must review."""

    seen: tuple[int, ...] = ()

    def owns(self, item: UUID, person: UUID) -> bool:
        return (item, person) == (named("item"), _NIA)

    def reviewed(self, was: Was) -> "Theirs":
        seen = (*self.seen, was.revision)
        return self.but(seen=seen, reviewed_at=was.revision if len(seen) > 1 else 0)


_NIA = person("Nia")


def test_an_item_is_its_authors_unless_the_method_says_otherwise() -> None:
    assert not Run().owns(named("item"), _NIA)
    assert Theirs().owns(named("item"), _NIA)


def test_a_review_counts_when_the_method_says_so() -> None:
    review = forms.ReviewIdentifiability(
        names_removed=True,
        roles_unclear=True,
        no_unique_events=True,
        findings="nothing",
        confirm=True,
    )
    assert review.apply(Run(), _was(7)).reviewed_at == 7
    once = review.apply(Theirs(), _was(7))
    assert once.reviewed_at == 0
    assert review.apply(once, _was(8)).reviewed_at == 8
    unsure = msgspec.structs.replace(review, confirm=False)
    assert unsure.apply(Run(), _was(7)).reviewed_at == 0


def test_a_run_takes_place_at_the_school_that_was_named() -> None:
    plan = forms.PlanRun(purpose=Purpose.EXPLORE, title="Rounds", school=named("Carrick"))
    assert plan.place() == named("Carrick")
