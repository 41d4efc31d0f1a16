"""Who forms the group, what it looks into, and which pupils it chooses."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel import around
from enquiry.kernel.run.forms import ShareAudience
from enquiry.kernel.run.pupils import label_is_new, names_nobody_it_registers
from enquiry_lesson_study.forms import study as forms
from enquiry_lesson_study.state import Study

MEMBERS_LEAST = 2
MEMBERS_MOST = 6


@guard("WRONG_STAGE", "The group has been formed.")
def not_formed(s: Study, ctx: Ctx) -> bool:
    """Members are named once; after that, single people are invited."""
    del ctx
    return not s.formed


@rule("VALIDATION_FAILED", "Somebody named here is no colleague known to the alliance.")
def members_are_colleagues(s: Study, e: forms.FormGroup, ctx: Ctx) -> Verdict:
    """Everybody named belongs to the alliance, each once, and none as a pupil."""
    del s
    for n, person in enumerate(e.members):
        known = around.alliance(ctx).present(person, ctx.now)
        if not known or around.is_pupil(ctx, person) or person in e.members[:n]:
            return Unmet(pointer=f"/members/{n}")
    return True


def class_teacher(e: forms.FormGroup, ctx: Ctx) -> UUID:
    """Whose class it is: as said, or else of whoever forms the group."""
    return e.class_teacher or ctx.actor


@rule("VALIDATION_FAILED", "It is the class of one of the members, at the run's school.")
def class_teacher_is_member(s: Study, e: forms.FormGroup, ctx: Ctx) -> Verdict:
    """Whoever teaches the class works at the school and is one of the group."""
    teacher = class_teacher(e, ctx)
    day = around.local_date(ctx, s.school, ctx.now)
    at_school = s.school is not None and around.alliance(ctx).is_staff(teacher, s.school, day)
    return True if teacher in e.members and at_school else Unmet(pointer="/class_teacher")


# LS-E01: two members at least, all of whom adopted the protocol


@rule("GROUP_TOO_SMALL", "A group is two people at least.", source="LS-E01")
def group_is_large_enough(s: Study, e: forms.FormGroup, ctx: Ctx) -> Verdict:
    """Two different people are named."""
    del s, ctx
    found = len(set(e.members))
    return True if found >= MEMBERS_LEAST else Unmet(pointer="/members", params={"members": found})


@guard("GROUP_TOO_SMALL", "Two people at least take part before you plan.", source="LS-E01")
def two_take_part(s: Study, ctx: Ctx) -> Verdict:
    """Two of those who were named have accepted."""
    del ctx
    found = len(s.members())
    return True if found >= MEMBERS_LEAST else Unmet(params={"members": found})


@guard("PROTOCOL_NOT_ADOPTED", "All members adopt the protocol before you plan.", source="LS-E01")
def all_have_adopted(s: Study, ctx: Ctx) -> Verdict:
    """Every member adopted it."""
    del ctx
    missing = [person for person in s.members() if person not in s.adopted]
    return Unmet(details=people(missing)) if missing else True


def people(found: Iterable[UUID]) -> tuple[Any, ...]:
    """People as details of a refusal."""
    return tuple({"person": str(person)} for person in sorted(found))


@rule("VALIDATION_FAILED", "Guests come to public lessons only.")
def guests_come_to_public_lessons(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """Whether lessons are public is decided when the study is planned."""
    del s
    return True if e.role != "guest" or params(ctx).public_lesson else Unmet(pointer="/role")


@rule("VALIDATION_FAILED", "A group is six people at most, each in one role.")
def there_is_room(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """Nobody takes part twice, and a seventh member would not be heard."""
    del ctx
    if e.person in s.people:
        return Unmet(pointer="/person")
    asked = [p for p, role in s.invited.items() if role == forms.MEMBER and p != e.person]
    full = len(s.members()) + len(asked) >= MEMBERS_MOST
    return Unmet(pointer="/role") if e.role == forms.MEMBER and full else True


def params(ctx: Ctx) -> forms.Params:
    """What the group decided when the study was planned."""
    return ctx.options if isinstance(ctx.options, forms.Params) else forms.Params()


@guard("NOT_PERMITTED", "The group decides this; guests do not.")
def is_of_group(s: Study, ctx: Ctx) -> bool:
    """The actor is no guest."""
    return s.is_of_group(ctx.actor)


@rule("SHARE_SCOPE_EXCEEDED", "Beyond the group only the study is shared.", source="LS-E18")
def item_stays_in_group(s: Study, e: Any, ctx: Ctx) -> bool:
    """No single observation goes to staff or the alliance, past review and consent."""
    del s, ctx
    return e.audience not in (ShareAudience.STAFF, ShareAudience.NETWORK)


# LS-E02: a need in pupils' learning, and data


@rule("FOCUS_NOT_ABOUT_LEARNING", "Say which need in pupils' learning it is.", source="LS-E02")
def focus_is_about_learning(s: Study, e: forms.SetResearchFocus, ctx: Ctx) -> Verdict:
    """A need is named."""
    del s, ctx
    return True if e.need is not None else Unmet(pointer="/need")


@rule("DATA_REQUIRED", "Say from which data you know it: one source at least.", source="LS-E02")
def focus_rests_on_data(s: Study, e: forms.SetResearchFocus, ctx: Ctx) -> Verdict:
    """A source of data is named."""
    del s, ctx
    return True if e.data_refs else Unmet(pointer="/data_refs")


# LS-E03 and LS-E03b: case pupils


def labels(s: Study, e: forms.ChooseCasePupils) -> tuple[str, ...]:
    """Labels that are to be case pupils."""
    del s
    return tuple(choice.label for choice in e.pupils)


def _entered(s: Study, e: forms.ChooseCasePupils) -> tuple[str, ...]:
    """Labels that are to stand for somebody from now on."""
    del s
    return tuple(choice.label for choice in e.pupils if choice.real_identity is not None)


label_is_free = label_is_new(_entered)
"""``PSEUDONYM_REUSED``: a label that stands for a pupil never stands for another one."""


def _new_names(s: Study, e: forms.ChooseCasePupils) -> tuple[str, ...]:
    del s
    return tuple(one.real_identity for one in e.pupils if one.real_identity is not None)


new_names_stay_sealed = names_nobody_it_registers(_new_names)
"""``IDENTIFYING_TEXT``: what is said of a pupil does not name who is entered beside it."""


@rule("VALIDATION_FAILED", "Say who a pupil is who is not in the register, and each only once.")
def pupils_are_told_apart(s: Study, e: forms.ChooseCasePupils, ctx: Ctx) -> Verdict:
    """Every label is different, and stands for somebody in the sealed register."""
    del ctx
    every = labels(s, e)
    for n, choice in enumerate(e.pupils):
        if choice.label in every[:n]:
            return Unmet(pointer=f"/pupils/{n}/label")
        if choice.real_identity is None and choice.label not in s.pupils:
            return Unmet(pointer=f"/pupils/{n}/real_identity")
    return True
