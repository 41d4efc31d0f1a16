"""Consent as every run has it; and where a method asks for it, the register of pupils."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.received import EvidenceWithdrawn
from enquiry.kernel.run import forms, pupil_rules, pupils, rules
from enquiry.kernel.run.erasing import erasing
from enquiry.kernel.run.settings import Settings, add
from enquiry.kernel.run.state import Pupil, Run
from enquiry.kernel.schooldays import academic_year_of
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.method import Elsewhere, Look, Recorded
from enquiry.method.roles import PUPILS_STAFF, Role, Viewer, staff_of

UNKNOWN_YEAR = timedelta(days=365)
"""How long consent holds where the school has not said when its year ends."""


def consenting(run: Builder, settings: Settings) -> None:
    """Give and withdraw consent; register pupils, and record what they and their parents say."""
    add(
        run,
        settings,
        forms.RecordConsent,
        by=settings.subjects,
        rules=(
            pupil_rules.names_a_pupil_if_any,
            pupil_rules.consents_for_nobody_else,
            pupil_rules.speaks_for_pupil(settings.participants),
            pupil_rules.notice_is_enough,
            pupil_rules.gives_it_alone,
        ),
        warns=(rules.under_authority,),
        handler=_until_the_year_ends,
        facts=(forms.RecordConsent,),
    )
    staff = (PUPILS_STAFF,) if settings.registrars else ()
    add(
        run,
        settings,
        forms.WithdrawConsent,
        by=(*settings.subjects, *staff),
        rules=(
            pupil_rules.is_about_own_school,
            pupil_rules.names_a_pupil_if_any,
            pupil_rules.receives_it(settings.subjects),
        ),
        after_close=True,
        right=True,
        also=what_is_lost,
    )
    erasing(run, settings)
    if settings.registrars:
        _registering(run, settings)


def _until_the_year_ends(s: Run, e: forms.RecordConsent, ctx: Ctx) -> Iterable[Any]:
    if e.valid_until is not None:
        yield e
        return
    pupil = s.pupils.get(e.pupil_label) if e.pupil_label is not None else None
    until = last_day_of_year(ctx, pupil.school if pupil is not None else s.school)
    yield msgspec.structs.replace(e, valid_until=until)


def what_is_lost(s: Run, e: Entry, ctx: Ctx) -> Iterable[Elsewhere]:
    """The enquiry's members learn that something they had been given was withdrawn, not whose."""
    if s.enquiry is None:
        return
    after = e.apply(s, Was(ctx.id, 0, ctx.now, ctx.actor))
    for publication, items in s.evidence().items():
        lost = tuple(
            item.output
            for item in items
            if s.output_revision(item.output) is not None
            and after.output_revision(item.output) is None
        )
        if lost:
            told = EvidenceWithdrawn(run=ctx.stream, publication=publication, outputs=lost)
            yield Elsewhere(s.enquiry, "enquiry", told)
        left = tuple(item.output for item in items if item.output not in lost)
        if left and s.reach(publication) is not after.reach(publication):
            told = EvidenceWithdrawn(
                run=ctx.stream, publication=publication, outputs=left, public_only=True
            )
            yield Elsewhere(s.enquiry, "enquiry", told)


def last_day_of_year(ctx: Ctx, school: UUID | None) -> date:
    """The last day of the school's academic year: consent is asked for afresh every year."""
    today = around.local_date(ctx, school, ctx.now)
    calendar = around.calendar(ctx, school)
    year = academic_year_of(calendar, today) if calendar is not None else None
    return today + UNKNOWN_YEAR if year is None else year.days.until - timedelta(days=1)


def _registering(run: Builder, settings: Settings) -> None:
    add(
        run,
        settings,
        pupils.RegisterPupil,
        by=settings.registrars,
        rules=(pupils.registers_own_pupils, pupils.label_is_new(_label)),
        handler=_register,
        facts=(pupils.PupilRegistered,),
    )
    add(
        run,
        settings,
        pupils.RecordAssent,
        by=settings.participants,
        rules=(
            pupil_rules.names_a_pupil_if_any,
            pupil_rules.speaks_for_pupil(settings.participants),
            pupil_rules.pupil_has_not_withdrawn(_of_pupil),
        ),
    )
    knowing = settings.knowing or settings.participants
    # The register row is the one place where a real name is read; views show it by the same row.
    for fact in (pupils.PupilRegistered, pupils.RecordAssent, forms.RecordConsent):
        run.show(fact, to=knowing, today=True, when=_is_their_schools_pupil)
    run.view(
        "pupils",
        "Pupils, by their labels",
        to=settings.participants,
        build=_register_for(knowing),
        schema=Register,
        when=has_pupils,
        reveals={
            pupils.PupilRegistered: "Everybody in the run sees the label, and not who it is.",
            forms.WithdrawConsent: "Everybody sees who takes no part any more, and not why.",
        },
    )


def _label(s: Run, e: pupils.RegisterPupil) -> str:
    del s
    return e.label


def _of_pupil(s: Run, e: pupils.RecordAssent) -> str:
    del s
    return e.pupil_label


def _register(s: Run, e: pupils.RegisterPupil, ctx: Ctx) -> Iterable[Any]:
    yield pupils.registered(
        s,
        ctx,
        e.label,
        e.real_identity,
        learner_group=e.learner_group,
        age_band=e.age_band,
    )


def _is_their_schools_pupil(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """It is about a pupil of the school they work at."""
    entry: Any = fact.entry
    label = entry.label if isinstance(entry, pupils.PupilRegistered) else entry.pupil_label
    pupil = s.pupils.get(label) if label is not None else None
    return pupil is not None and _is_colleague(pupil, viewer)


def _is_colleague(pupil: Pupil, viewer: Viewer) -> bool:
    """Whether the viewer registered this pupil, or works at the pupil's school today."""
    return viewer.person == pupil.by or staff_of(pupil.school) in viewer.circles


class PupilShown(Struct, frozen=True):
    """A pupil, as somebody in the run may see them."""

    label: str
    takes_part: bool
    name: Any = None
    """Who it is, for whoever may know; text, or a placeholder where it was erased."""
    learner_group: Any = None
    age_band: str | None = None
    consents: tuple[str, ...] = ()
    """Purposes for which consent stands, for whoever may know who it is."""
    assents: tuple[str, ...] = ()


class Register(Struct, frozen=True):
    """The pupils of a run."""

    pupils: tuple[PupilShown, ...]


def _register_for(knowing: tuple[Role, ...]) -> Callable[[Run, Look], Register]:
    """Labels for everybody; the rest for the class teacher, and for colleagues of the same school
    who take part in one of these roles (4.1)."""
    names = {role.name for role in knowing}

    def register(s: Run, look: Look) -> Register:
        me = look.viewer.person
        held = {*s.people.get(me, ()), *(("lead",) if me == s.lead else ())}
        knows = not names.isdisjoint(held)
        return Register(
            tuple(
                _shown(s, label, pupil, look.viewer, knows=knows)
                for label, pupil in s.pupils.items()
            )
        )

    return register


def _shown(s: Run, label: str, pupil: Pupil, viewer: Viewer, *, knows: bool) -> PupilShown:
    takes_part = not s.pupil_has_withdrawn(label)
    if viewer.person != pupil.by and not (knows and _is_colleague(pupil, viewer)):
        return PupilShown(label, takes_part)
    standing = (c.purpose for c in s.consents.get(pupil.id, ()) if not c.withdrawn)
    return PupilShown(
        label,
        takes_part,
        name=pupil.name,
        learner_group=pupil.learner_group,
        age_band=str(pupil.age_band),
        consents=tuple(sorted({str(purpose) for purpose in standing})),
        assents=tuple(sorted(str(p) for p, agrees in pupil.assents.items() if agrees)),
    )


def has_pupils(s: Run, viewer: Viewer) -> bool:
    """There is somebody in the register."""
    del viewer
    return bool(s.pupils)
