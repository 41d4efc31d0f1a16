"""The items of the progress assessments as data, and what of the record speaks against one."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.impact.rules import current
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import Level


class Item(Struct, frozen=True):
    """A statement to agree or disagree with."""

    key: str
    statement: str
    contradicted: Callable[[Enquiry], bool] | None = None
    """Whether the record shows otherwise, where it can."""


def _no_question(s: Enquiry) -> bool:
    return s.focused.focus is None and not s.focused.questions


def _no_baseline(s: Enquiry) -> bool:
    return not any(one.baselines for one in s.measures.values())


def _no_readings(s: Enquiry) -> bool:
    return not any(one.readings for one in s.measures.values())


def _nothing_tried(s: Enquiry) -> bool:
    return not s.trials.trials


def _no_strategy(s: Enquiry) -> bool:
    return not s.trying.of(s.course.cycle)


def _no_claim(level: Level) -> Callable[[Enquiry], bool]:
    return lambda s: all(claim.level != level for claim in current(s).values())


def _no_dissemination(s: Enquiry) -> bool:
    return not s.agreement.adopted(Kind.DISSEMINATION, s.course.cycle)


def _not_chosen(s: Enquiry) -> bool:
    return not s.choices


ITEMS: Mapping[Phase, tuple[Item, ...]] = {
    Phase.IMPLEMENTATION: (
        Item("impl_1", "We have met our partners and agreed how to work together."),
        Item("impl_2", "We have a common focus or question.", _no_question),
        Item("impl_3", "Data informed it.", _no_question),
        Item("impl_4", "We agreed an approach for enquiring together.", _not_chosen),
        Item("impl_5", "We collected baseline data to gauge impact.", _no_baseline),
    ),
    Phase.INNOVATION: (
        Item("inno_1", "We agreed strategies to try for the focus.", _no_strategy),
        Item("inno_2", "We tried them and gathered evidence of effect.", _nothing_tried),
        Item("inno_3", "We plan to refine them and try again."),
        Item("inno_4", "We agreed to try other strategies."),
        Item("inno_5", "We use baseline data to keep watching the impact.", _no_readings),
    ),
    Phase.IMPACT: (
        Item("imp_1", "We have clear outcomes and conclusions."),
        Item("imp_2", "We have evidence of impact on pupils.", _no_claim(Level.STUDENT)),
        Item(
            "imp_3",
            "We have evidence of impact on our own learning.",
            _no_claim(Level.PROFESSIONAL),
        ),
        Item(
            "imp_4", "We have evidence of impact on our alliance.", _no_claim(Level.ORGANISATIONAL)
        ),
        Item("imp_5", "We have a strategy for telling others.", _no_dissemination),
    ),
}
"""Five items in each phase, in our words. Source: 2.14."""
