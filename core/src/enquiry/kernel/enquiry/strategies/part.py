"""Strategies: adopted as a decision, refined, placed on the innovation grid (2.6)."""

from typing import Any

from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.kernel.enquiry.strategies import forms, rules, views
from enquiry.method.builder import Builder


def strategies(enquiry: Builder) -> None:
    """Add what happens to a strategy once it is adopted."""
    known = (rules.strategy_is_known,)
    enquiry.move(forms.RefineStrategy, by=GROUP, decision=True, about=_strategy, rules=known)
    enquiry.move(
        forms.RecordAchievedPlacement, by=GROUP, decision=True, about=_strategy, rules=known
    )
    for fact in (forms.RefineStrategy, forms.RecordAchievedPlacement):
        enquiry.show(fact, to=(*GROUP, FRIENDS), today=True)
    enquiry.view(
        "innovation-grid",
        "Innovation grid",
        to=(*GROUP, FRIENDS),
        build=views.grid,
        schema=views.Grid,
    )
    enquiry.watch(*rules.WATCHES)


def _strategy(e: Any) -> str:
    return f"strategy-{e.strategy}"
