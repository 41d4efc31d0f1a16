"""The sealed register of a run's pupils: labels for everybody, real names for very few.

A method that asks for it (``Settings.registrars``) has the common move ``register-pupil``; a
handler of its own may yield what ``registered`` makes, under the rules ``label_is_new`` and
``registers_own_pupils``.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec

from enquiry.kernel import around
from enquiry.kernel.run.forms import Label, OfPupil
from enquiry.kernel.run.state import AgeBand, ConsentPurpose, Pupil, Run
from enquiry.kernel.textguard import Guard, Person, Roster, text_check, word_lists
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry.method.guardrails import TEXT_GUARD
from enquiry.method.rules import Rule, Unmet, Verdict, guard, rule

REGISTER_KEY = "register"
"""Kind of the keys that seal real names: the register expires before what was observed does."""

Labels = Callable[[Any, Any], str | Iterable[str]]
"""(state, entry) -> the label or labels a command is about."""


def pupil_id(run: UUID, label: str) -> UUID:
    """The id that stands for a pupil in one run, and in no other."""
    return uuid5(run, f"pupil {label}")


class RegisterPupil(Entry):
    """Register a pupil under a label; who it is stays between you and your school's colleagues"""

    label: Label
    real_identity: Annotated[str, text("Who is it?", upto=200, kind=REGISTER_KEY)]
    learner_group: Annotated[str, text("Of which group of learners?", upto=200)] | None = None
    age_band: Annotated[AgeBand, ask("How old?", ui="choice")] = AgeBand.UNDER_13


class PupilRegistered(Entry, records="run/pupil-registered"):
    """A pupil was registered under a label"""

    pupil: UUID
    label: Label
    school: UUID
    real_identity: Annotated[str, text("Who", upto=200, subject="pupil", kind=REGISTER_KEY)]
    learner_group: Annotated[str, text("Group of learners", upto=200, subject="pupil")] | None = (
        None
    )
    age_band: AgeBand = AgeBand.UNDER_13

    def apply(self, s: Run, was: Was) -> Run:
        """The label stands for this pupil, for good."""
        if self.label in s.pupils:
            return s
        pupil = Pupil(
            id=self.pupil,
            name=self.real_identity,
            school=self.school,
            by=was.by,
            learner_group=self.learner_group,
            age_band=self.age_band,
        )
        return s.but(pupils={**s.pupils, self.label: pupil})


class RecordAssent(Entry, records="run/assent-recorded"):
    """Record what a pupil said when asked; they may say no, and no more is said of it"""

    pupil_label: OfPupil
    purpose: Annotated[ConsentPurpose, ask("To what?", ui="choice")]
    agrees: Annotated[bool, ask("Did they agree?")]

    def apply(self, s: Run, was: Was) -> Run:
        """The latest answer counts."""
        pupil = s.pupils.get(self.pupil_label)
        if pupil is None:
            return s
        told = pupil.but(assents={**pupil.assents, self.purpose: self.agrees})
        return s.but(pupils={**s.pupils, self.pupil_label: told})


def registered(
    s: Run,
    ctx: Ctx,
    label: str,
    real_identity: str,
    *,
    learner_group: str | None = None,
    age_band: AgeBand = AgeBand.UNDER_13,
) -> PupilRegistered:
    """The fact that registers a pupil of the actor's school, for any handler to yield."""
    school = registrars_school(s, ctx)
    if school is None:
        raise ValueError("whoever registers pupils works at a school: see registers_own_pupils")
    return PupilRegistered(
        pupil=pupil_id(ctx.stream, label),
        label=label,
        school=school,
        real_identity=real_identity,
        learner_group=learner_group,
        age_band=age_band,
    )


def registrars_school(s: Run, ctx: Ctx) -> UUID | None:
    """At which school the actor is on the staff: the run's, or else the first they joined."""
    here = around.alliance(ctx)
    own = (m.school for m in here.held(ctx.actor, ctx.now))
    schools = (*(() if s.school is None else (s.school,)), *own)
    return next((one for one in schools if works_at(ctx, ctx.actor, one)), None)


def works_at(ctx: Ctx, person: UUID, school: UUID) -> bool:
    """Whether this person is on the staff of this school today."""
    day = around.local_date(ctx, school, ctx.now)
    return around.alliance(ctx).is_staff(person, school, day)


def each_of(found: str | Iterable[str]) -> tuple[str, ...]:
    """One label or several, as a tuple."""
    return (found,) if isinstance(found, str) else tuple(found)


@guard("NOT_PERMITTED", "Pupils are registered by staff of their school.", source="4.2, 4.7")
def registers_own_pupils(s: Run, ctx: Ctx) -> bool:
    """The actor is on the staff of some school, whose pupils they register."""
    return registrars_school(s, ctx) is not None


def label_is_new(labels_of: Labels) -> Rule:
    """No label is used twice in a run, also when its pupil takes no part any more."""

    @rule("PSEUDONYM_REUSED", "This label was used before. Take another one.", source="LS-E03b")
    def label_was_never_used(s: Run, e: Any, ctx: Ctx) -> Verdict:
        del ctx
        labels = each_of(labels_of(s, e))
        taken = [one for n, one in enumerate(labels) if one in s.pupils or one in labels[:n]]
        details = tuple({"label": one} for one in dict.fromkeys(taken))
        return Unmet(details=details) if taken else True

    return label_was_never_used


def names_nobody_it_registers(names_of: Callable[[Any, Any], Iterable[str]]) -> Rule:
    """No text of a form names a pupil whom this very form registers.

    The guard of the run learns of a pupil when they are on record, which is too late for the words
    beside the name. ``names_of(state, entry)`` says which real names the form brings.
    """

    @rule("IDENTIFYING_TEXT", TEXT_GUARD.sentence, source="4.4")
    def new_names_stay_sealed(s: Run, e: Any, ctx: Ctx) -> Verdict:
        names = enumerate(names_of(s, e))
        people = tuple(Person(id=str(n), name=name, role="pupil") for n, name in names)
        check = text_check(Guard(Roster(people=people), word_lists("en")))
        return TEXT_GUARD.holds(s, e, msgspec.structs.replace(ctx, texts=check))

    return new_names_stay_sealed
