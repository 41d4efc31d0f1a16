"""A gathering that registers pupils: they are seen and interviewed under their labels."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from tests.kernel import gathering
from tests.kernel.gathering import WALKER, Gathering, live
from tests.kernel.valley import around_runs

from enquiry.kernel.run.forms import Label, OfPupil
from enquiry.kernel.run.pupil_rules import (
    every_pupil_assents,
    every_pupil_consents,
    pupil_assents,
    pupil_consents,
    pupil_has_not_withdrawn,
    pupil_is_registered,
)
from enquiry.kernel.run.pupils import (
    PupilRegistered,
    label_is_new,
    names_nobody_it_registers,
    registered,
    registers_own_pupils,
)
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import text
from enquiry.testing import Story

OBSERVED, INTERVIEWED = ConsentPurpose.BE_OBSERVED, ConsentPurpose.BE_INTERVIEWED
FILMED = ConsentPurpose.BE_VIDEO_RECORDED


class Seen(Piece):
    """A sighting or an interview, as the rules remember it."""

    by: UUID
    label: str
    purpose: ConsentPurpose


class Casework(Gathering):
    """The state of one."""

    seen: Mapping[UUID, Seen] = {}

    def author_of(self, contribution: UUID) -> UUID | None:
        known = self.seen.get(contribution)
        if known is None:
            return Gathering.author_of(self, contribution)
        return known.by if contribution not in self.gone else None

    def without_pupil(
        self, label: str, purposes: tuple[ConsentPurpose, ...], was: Was
    ) -> "Casework":
        every = ConsentPurpose.PARTICIPATE in purposes
        about = tuple(
            id_
            for id_, seen in self.seen.items()
            if seen.label == label and (every or seen.purpose in purposes)
        )
        return self.hide(about, was)


class SeePupil(Entry, records="pupil-seen"):
    """Write down what a pupil did"""

    label: OfPupil
    text: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Casework, was: Was) -> Casework:
        kept = Seen(by=was.by, label=self.label, purpose=OBSERVED)
        return s.but(seen={**s.seen, was.id: kept})


class AskPupil(Entry, records="pupil-asked"):
    """Write down what a pupil said"""

    label: OfPupil
    text: Annotated[str, text("What?", upto=500, guard="contributions")]

    def apply(self, s: Casework, was: Was) -> Casework:
        kept = Seen(by=was.by, label=self.label, purpose=INTERVIEWED)
        return s.but(seen={**s.seen, was.id: kept})


class ChoosePupil(Entry):
    """Register a pupil and say why it is them"""

    label: Label
    real_identity: Annotated[str, text("Who?", upto=200)]
    why: Annotated[str, text("Why?", upto=500, guard="contributions")]


class PupilChosen(Entry, records="pupil-chosen"):
    """Why it is them"""

    label: Label
    why: Annotated[str, text("Why?", upto=500, guard="contributions")]


def _choose(s: Casework, e: ChoosePupil, ctx: Ctx) -> Iterable[Any]:
    yield registered(s, ctx, e.label, e.real_identity)
    yield PupilChosen(label=e.label, why=e.why)


def _name(s: Casework, e: ChoosePupil) -> tuple[str, ...]:
    del s
    return (e.real_identity,)


class Lock(Entry, records="locked"):
    """Settle on these pupils"""


class Film(Entry, records="filmed"):
    """Film them"""


class Research(Entry, records="researched"):
    """Look at a pupil for research alone"""

    label: OfPupil


def _label(s: Any, e: Any) -> str:
    del s
    return e.label


def _every(s: Any) -> tuple[str, ...]:
    return tuple(s.pupils)


def _extend(made: Builder) -> None:
    known = (pupil_is_registered(_label), pupil_has_not_withdrawn(_label, OBSERVED))
    made.move(SeePupil, by=WALKER, at=live, rules=known)
    asking = (pupil_consents(_label, INTERVIEWED), pupil_assents(_label, INTERVIEWED))
    made.move(AskPupil, by=WALKER, rules=(known[0], *asking))
    made.move(
        ChoosePupil,
        by=WALKER,
        rules=(registers_own_pupils, label_is_new(_label), names_nobody_it_registers(_name)),
        handler=_choose,
        facts=(PupilChosen, PupilRegistered),
    )
    made.move(Lock, by=WALKER, rules=(every_pupil_consents(_every, OBSERVED),))
    filming = (every_pupil_consents(_every, FILMED), every_pupil_assents(_every, FILMED))
    made.move(Film, by=WALKER, rules=filming)
    made.move(Research, by=WALKER, rules=(pupil_consents(_label, OBSERVED, notice=False),))
    for fact in (SeePupil, AskPupil):
        made.show(fact, to=WALKER)


CASEWORK = gathering.build(state=Casework, registrars=(WALKER,), extend=_extend)


def begun(world: Any = None) -> Story:
    """Petra and Kelly are of Beck Road, Hamish is of Carrick; it has started."""
    return gathering.started(CASEWORK, world or around_runs())


def registers(told: Story, label: str, name: str, by: str = "Petra", **more: Any) -> Story:
    """Somebody puts a pupil into the register."""
    form = {"label": label, "real_identity": name, **more}
    return told.who(by).does("register-pupil", form)


def with_pupils(world: Any = None) -> Story:
    """Petra has registered two pupils of her class."""
    return registers(registers(begun(world), "A", "Maisie Quill"), "B", "Obi Sallow")


def consents(told: Story, label: str, *purposes: str, by: str = "Petra", **more: Any) -> Story:
    """Somebody records what a parent gave."""
    form = {
        "purposes": [*purposes],
        "basis": "consent",
        "statement_version": 3,
        "pupil_label": label,
        "given_by": "parent_carer",
        **more,
    }
    return told.who(by).does("record-consent", form)


def notice(told: Story, label: str, *purposes: str) -> Story:
    """The school told parents, who may decline."""
    return consents(told, label, *purposes, basis="school_task_with_notice")


def assents(told: Story, label: str, purpose: str, *, agrees: bool = True) -> Story:
    """A pupil was asked."""
    form = {"pupil_label": label, "purpose": purpose, "agrees": agrees}
    return told.who("Kelly").does("record-assent", form)


def withdraws(told: Story, label: str, *purposes: str, by: str = "Petra") -> Story:
    """Somebody hands on that a parent or the pupil withdraws."""
    form = {"purposes": [*purposes], "pupil_label": label}
    return told.who(by).does("withdraw-consent", form)


def sees(told: Story, label: str, called: str, by: str = "Kelly") -> Story:
    """A walker writes something down."""
    form = {"label": label, "text": "Counted on fingers"}
    return told.who(by).does("see-pupil", form, called=called)


def asks(told: Story, label: str, called: str = "an interview", by: str = "Kelly") -> Story:
    """A walker interviews a pupil."""
    return told.who(by).does("ask-pupil", {"label": label, "text": "Halves"}, called=called)
