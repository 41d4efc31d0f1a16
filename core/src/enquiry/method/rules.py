"""Guards, rules and refusals.

A *guard* looks at the state alone, so that a frontend can be told before anything is typed. A
*rule* also looks at what was filled in. Both carry their code (which fixes the step at which they
are judged), the sentence a teacher reads, and their source.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.method.codes import STEPS, WARNINGS, Audience, Severity, Step
from enquiry.method.ctx import Ctx


class Reject(Exception):
    """A refusal: nothing is recorded. ``code`` is stable, the sentence is for people."""

    def __init__(
        self,
        code: str,
        sentence: str = "",
        *,
        pointer: str | None = None,
        params: Mapping[str, Any] | None = None,
        details: tuple[Any, ...] = (),
        step: Step | None = None,
    ) -> None:
        """``pointer`` is a JSON Pointer into the body; ``details`` lists every unmet condition."""
        super().__init__(sentence or code)
        self.code = code
        self.sentence = sentence or code
        self.pointer = pointer
        self.params = dict(params or {})
        self.details = details
        self.step = step or STEPS.get(code, Step.DOMAIN)


class Preconditioned(Reject):
    """A decision must say which revision it was based on."""

    def __init__(self, current: int) -> None:
        """``current``: the revision to look at."""
        super().__init__(
            "PRECONDITION_REQUIRED",
            "Say which revision you decided on.",
            params={"current": current},
            step=Step.VERSION,
        )


class Unmet(Struct, frozen=True):
    """Why a rule does not hold, where plain ``False`` would say too little."""

    details: tuple[Any, ...] = ()
    pointer: str | None = None
    params: Mapping[str, Any] = {}
    code: str | None = None
    """Another code than the rule's own, of the same step."""


Verdict = bool | Unmet


class Rule(Struct, frozen=True):
    """A condition of a move."""

    name: str
    code: str
    step: Step
    sentence: str
    source: str
    holds: Callable[..., Verdict]
    needs_entry: bool

    def check(self, s: Any, e: Any, ctx: Ctx) -> Reject | None:
        """The refusal, or ``None`` where the condition holds."""
        verdict = self.holds(s, e, ctx) if self.needs_entry else self.holds(s, ctx)
        if verdict is True:
            return None
        unmet = verdict if isinstance(verdict, Unmet) else Unmet()
        return Reject(
            unmet.code or self.code,
            self.sentence,
            pointer=unmet.pointer,
            params=unmet.params,
            details=unmet.details,
            step=self.step,
        )


def guard(
    code: str, sentence: str, *, source: str = "", step: Step | None = None
) -> Callable[[Callable[[Any, Ctx], Verdict]], Rule]:
    """Declare a condition on ``(state, ctx)``: true when it holds."""

    def made(holds: Callable[[Any, Ctx], Verdict]) -> Rule:
        return Rule(
            holds.__name__, code, _step(code, step), sentence, source, holds, needs_entry=False
        )

    return made


def rule(
    code: str, sentence: str, *, source: str = "", step: Step | None = None
) -> Callable[[Callable[[Any, Any, Ctx], Verdict]], Rule]:
    """Declare a condition on ``(state, entry, ctx)``: true when it holds.

    Below ``Step.FIELDS`` the entry holds its address fields only: the rest is not yet read.
    """

    def made(holds: Callable[[Any, Any, Ctx], Verdict]) -> Rule:
        return Rule(
            holds.__name__, code, _step(code, step), sentence, source, holds, needs_entry=True
        )

    return made


_CORES_OWN = (Step.ENVELOPE, Step.ACTOR)


def _step(code: str, step: Step | None) -> Step:
    if step is None and code not in STEPS:
        raise ValueError(f"{code} is not in the catalogue: name the step at which it is judged")
    judged = STEPS[code] if step is None else step
    if judged in _CORES_OWN:
        raise ValueError(f"{code} is judged by core: a rule of a method would never be asked")
    return judged


class Warn(Struct, frozen=True):
    """A warning that a move or a watch raises. Core records it, addresses it and closes it."""

    code: str
    about: str = ""
    """The object it is about, such as ``visit-2``; with the code it identifies the warning."""
    person: UUID | None = None
    """Whom it concerns, for a warning that only this person (and the facilitator) may see."""
    school: UUID | None = None
    params: Mapping[str, Any] = {}
    """Numbers and enumerations for the sentence; never a personal value."""
    severity: Severity | None = None
    audience: Audience | None = None

    def weight(self) -> tuple[Severity, Audience]:
        """Severity and audience, from the catalogue unless it says so itself."""
        severity, audience = WARNINGS.get(self.code, (Severity.INFO, Audience.GROUP))
        return self.severity or severity, self.audience or audience

    def concerns(self) -> UUID | None:
        """Whom the recorded warning names: nobody where the group or a school may read it."""
        _, audience = self.weight()
        personal = (Audience.PERSON, Audience.AUTHOR, Audience.AUTHOR_ALONE)
        return self.person if audience in personal else None

    def identity(self) -> tuple[str, str, UUID | None]:
        """What makes it the same warning as one raised before."""
        return self.code, self.about, self.concerns()


WarnIf = Callable[[Any, Any, Ctx], "tuple[Warn, ...]"]
"""Looks at (state before, entry, ctx) and names the warnings that the move raises."""


class Watch(Struct, frozen=True):
    """A standing condition: raised when it comes true, resolved when it no longer is."""

    code: str
    holds: Callable[[Any, Ctx], tuple[Warn, ...]]
    """Everything that is amiss now. What was raised and is no longer named is resolved."""
    source: str = ""
    timed: bool = False
    """It also comes true by the mere passing of time."""
    looks_at: tuple[str, ...] = ()
    """Fields of the state, where it looks at nothing else, not even at ``ctx``: as long as these
    are the same, it is not judged again. Empty: it looks wherever it likes, after every act."""
    reveals: tuple[type[Any], ...] = ()
    """Facts of which those it is addressed to are meant to learn something, though no row lets them
    read these; as ``View.reveals``."""
