"""Asking for erasure: a right, recorded at once. That it was asked for is the asker's alone.

The alliance is told, where those who answer for data decide (``enquiry.kernel.alliance.erasing``);
until it is carried out nothing is different.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from enquiry.kernel import around
from enquiry.kernel.alliance.erasing import ErasureRequested
from enquiry.kernel.run import pupil_rules
from enquiry.kernel.run.forms import OfPupil
from enquiry.kernel.run.settings import Settings, add
from enquiry.kernel.run.state import ErasureAsked, Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask
from enquiry.method.method import Elsewhere
from enquiry.method.roles import PUPILS_STAFF


class ErasureScope(StrEnum):
    """How much is to be erased."""

    RUN = "run"
    PERSON = "person"


class RequestErasure(Entry, records="run/erasure-requested"):
    """Ask that what is kept about you, or about a pupil, be made unreadable"""

    scope: Annotated[ErasureScope, ask("In this run, or everywhere?", ui="choice")]
    pupil_label: OfPupil | None = None

    def apply(self, s: Run, was: Was) -> Run:
        """Remember who it is to be carried out for; asking twice is asking once."""
        pupil = s.pupils.get(self.pupil_label) if self.pupil_label is not None else None
        subject = was.by if pupil is None else pupil.id
        everywhere = self.scope == ErasureScope.PERSON
        known = s.erasures.get(subject)
        if known is not None and (known.everywhere or not everywhere):
            return s
        asked = ErasureAsked(everywhere=everywhere, at=was.at)
        return s.but(erasures={**s.erasures, subject: asked})


def erasing(run: Builder, settings: Settings) -> None:
    """Everybody asks for themselves; for a pupil, whoever may withdraw for them."""
    staff = (PUPILS_STAFF,) if settings.registrars else ()
    add(
        run,
        settings,
        RequestErasure,
        by=(*settings.subjects, *staff),
        rules=(
            pupil_rules.is_about_own_school,
            pupil_rules.names_a_pupil_if_any,
            pupil_rules.receives_it(settings.subjects),
        ),
        also=_tell,
        after_close=True,
        right=True,
    )


def _tell(s: Run, e: RequestErasure, ctx: Ctx) -> Iterable[Elsewhere]:
    """The alliance learns for whom, and where; who asked stands there as whoever acted."""
    pupil = s.pupils.get(e.pupil_label) if e.pupil_label is not None else None
    person = ctx.actor if pupil is None else pupil.id
    known = around.alliance(ctx).schools_of(person) if pupil is None else (pupil.school,)
    schools = known or tuple(one for one in (s.school,) if one is not None)
    # A pupil of a register is known in this run alone.
    everywhere = e.scope == ErasureScope.PERSON and pupil is None
    asked = ErasureRequested(
        person=person,
        schools=tuple(dict.fromkeys(schools)),
        stream=None if everywhere else ctx.stream,
    )
    yield Elsewhere(ctx.alliance, "alliance", asked)
