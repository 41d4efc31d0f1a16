"""The three gates of the course, put together from what each idea contributes (2.16)."""

from collections.abc import Mapping

from enquiry.kernel.enquiry.choices import rules as choices_rules
from enquiry.kernel.enquiry.ethics import rules as ethics_rules
from enquiry.kernel.enquiry.focus import rules as focus_rules
from enquiry.kernel.enquiry.impact import rules as impact_rules
from enquiry.kernel.enquiry.measures import rules as measures_rules
from enquiry.kernel.enquiry.norms import rules as norms_rules
from enquiry.kernel.enquiry.overviews import rules as overviews_rules
from enquiry.kernel.enquiry.phases import rules as phases_rules
from enquiry.kernel.enquiry.phases.gates import Gate
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.strategies import rules as strategies_rules
from enquiry.kernel.enquiry.trials import rules as trials_rules

_LEADERSHIP = ("LEADERSHIP_DOMINATED", "FACILITATOR_DEPENDENCY")
G1 = Gate(
    "G1",
    (
        phases_rules.ENOUGH_TAKE_PART,
        norms_rules.ADOPTED,
        overviews_rules.PRIORITIES,
        focus_rules.FOCUS,
        focus_rules.QUESTION,
        ethics_rules.COMPLETE,
        measures_rules.DEFINED,
        choices_rules.CHOSEN,
        strategies_rules.ADOPTED,
    ),
    ("METHOD_WITHOUT_REASON", "QUESTION_TEST_FAILED"),
)
"""From implementation to innovation."""
G2 = Gate(
    "G2",
    (
        trials_rules.COMPLETED,
        trials_rules.READY,
        overviews_rules.INNOVATION,
        measures_rules.BASELINE,
    ),
    ("NO_INTERIM_DATA", "SUBJECTIVE_ONLY", *_LEADERSHIP),
)
"""From innovation to impact."""
G3 = Gate(
    "G3",
    impact_rules.CONDITIONS,
    ("IMPACT_WITHOUT_STUDENT_EVIDENCE", "SINGLE_PERSPECTIVE", *_LEADERSHIP),
)
"""From impact to the end of the cycle."""

BEFORE: Mapping[Phase, Gate] = {Phase.INNOVATION: G1, Phase.IMPACT: G2}
"""The gate before each phase but the first."""
AFTER: Mapping[Phase, Gate] = {
    Phase.IMPLEMENTATION: G1,
    Phase.INNOVATION: G2,
    Phase.IMPACT: G3,
}
"""The gate that comes next in each phase."""
