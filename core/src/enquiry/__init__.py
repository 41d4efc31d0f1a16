"""Enquiry: what a method is written with. This page is the whole public contract.

A method uses these names, and what every run has in common from ``enquiry.kernel``; nothing else.
"""

from enquiry.method.builder import Builder
from enquiry.method.codes import Audience, Severity, Step
from enquiry.method.ctx import Ctx, Finding
from enquiry.method.entry import Entry, Piece, State, Was
from enquiry.method.fields import ask, plain, text
from enquiry.method.guardrails import TEXT_GUARD
from enquiry.method.hookspecs import hookimpl
from enquiry.method.method import (
    Elsewhere,
    Enter,
    Look,
    Method,
    Move,
    Part,
    Recorded,
    Show,
    Stage,
    Track,
    View,
)
from enquiry.method.retention import Keep
from enquiry.method.roles import (
    ANYONE,
    AUTHOR,
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    OPERATOR,
    STAFF,
    STEWARD,
    SYSTEM,
    Role,
    Viewer,
)
from enquiry.method.rules import Reject, Rule, Unmet, Verdict, Warn, Watch, guard, rule

__all__ = [
    "ANYONE",
    "AUTHOR",
    "COORDINATOR",
    "COVER",
    "ENQUIRY",
    "FACILITATOR",
    "LEADERS",
    "MEMBER",
    "OPERATOR",
    "STAFF",
    "STEWARD",
    "SYSTEM",
    "TEXT_GUARD",
    "Audience",
    "Builder",
    "Ctx",
    "Elsewhere",
    "Enter",
    "Entry",
    "Finding",
    "Keep",
    "Look",
    "Method",
    "Move",
    "Part",
    "Piece",
    "Recorded",
    "Reject",
    "Role",
    "Rule",
    "Severity",
    "Show",
    "Stage",
    "State",
    "Step",
    "Track",
    "Unmet",
    "Verdict",
    "View",
    "Viewer",
    "Warn",
    "Was",
    "Watch",
    "ask",
    "guard",
    "hookimpl",
    "plain",
    "rule",
    "text",
]
