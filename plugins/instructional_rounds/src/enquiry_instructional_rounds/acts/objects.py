"""What decisions are about: one about an object leaves every other object alone."""

from typing import Any

from enquiry_instructional_rounds.forms import debrief, plan, results
from enquiry_instructional_rounds.rules.booking import team_label, visit_label


def team(e: plan.FormTeam) -> str:
    """One team."""
    return team_label(e.team_no)


def visit(e: Any) -> str:
    """One visit."""
    return visit_label(e.visit_no)


def pattern(e: debrief.EditPattern) -> str:
    """One pattern."""
    return f"pattern-{e.pattern}"


def option(e: results.DecideOption) -> str:
    """One option."""
    return f"option-{e.option}"
