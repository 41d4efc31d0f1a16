"""Checks that core makes for every method: texts as such, and TextGuard. None can weaken them."""

from typing import Any

from enquiry.method.codes import Audience, Step
from enquiry.method.ctx import Ctx, Finding
from enquiry.method.entry import Entry
from enquiry.method.rules import Rule, Unmet, Verdict, Warn
from enquiry.method.texts import TextAt, slots_of, texts

IDENTIFYING = "IDENTIFYING_TEXT"


def has_guarded(entry: type[Entry]) -> bool:
    """Whether TextGuard judges any text of this form."""

    def any_guard(slots: Any) -> bool:
        return any((s.field is not None and s.field.guard) or any_guard(s.inner) for s in slots)

    return any_guard(slots_of(entry))


def guarded(entry: Any) -> list[TextAt]:
    """Texts of the entry that TextGuard judges."""
    return [at for at in texts(entry) if at.field.guard]


def _verbatim(at: TextAt) -> bool:
    return bool(at.field.verbatim and getattr(at.owner, at.field.verbatim, False))


def _about(at: TextAt) -> str:
    return str(getattr(at.owner, at.field.about)) if at.field.about else at.field.records


def findings(at: TextAt, ctx: Ctx) -> tuple[Finding, ...]:
    """What TextGuard says of one text."""
    return ctx.texts(at.value, at.field.guard or "private", _verbatim(at), _about(at))


def _clean(s: Any, e: Any, ctx: Ctx) -> Verdict:
    del s
    for at in guarded(e):
        spans = [f for f in findings(at, ctx) if f.code == IDENTIFYING]
        if spans:
            details = tuple(
                {"start": f.start, "end": f.end, "span": at.value[f.start : f.end], "why": f.why}
                for f in spans
            )
            return Unmet(details=details, pointer=at.pointer)
    return True


TEXT_GUARD = Rule(
    name="text_guard",
    code=IDENTIFYING,
    step=Step.DOMAIN,
    sentence="This text could tell who or which room it is about. Say it without the name or code.",
    source="TextGuard",
    holds=_clean,
    needs_entry=True,
)
"""No text names a host, pupil, member of staff, room or class. Put it where the rule table has it;
a move with guarded texts gets it anyway, last."""


def text_warnings(s: Any, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """What TextGuard remarks without refusing, one warning per code, about the act."""
    del s
    codes: dict[str, int] = {}
    for at in guarded(e):
        for finding in findings(at, ctx):
            if finding.code != IDENTIFYING:
                codes[finding.code] = codes.get(finding.code, 0) + 1
    alone = Audience.AUTHOR_ALONE if e.__unsigned__ else None
    return tuple(
        Warn(code, about=str(ctx.id), person=ctx.actor, params={"spans": spans}, audience=alone)
        for code, spans in codes.items()
    )
