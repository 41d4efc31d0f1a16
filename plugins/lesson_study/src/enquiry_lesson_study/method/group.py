"""Who takes part, what they look into, and at whom."""

from enquiry import TEXT_GUARD, Builder
from enquiry.kernel.run import More, Settings, common
from enquiry.kernel.run import forms as run
from enquiry.kernel.run.pupil_rules import pupil_has_not_withdrawn
from enquiry.kernel.run.pupils import PupilRegistered, registers_own_pupils
from enquiry.kernel.run.retracting import RetractContribution
from enquiry_lesson_study import acts
from enquiry_lesson_study.chart import (
    ADVISER,
    CANCELLED,
    CLASS_TEACHER,
    DISCUSSED,
    DISCUSSING,
    EVERYBODY,
    FOCUS_SET,
    FORMER,
    FORMING,
    INVITED,
    LEAD,
    MEMBER,
    PLAN_LOCKED,
    PLANNING,
    STUDYING,
    TAUGHT,
)
from enquiry_lesson_study.forms import study as to_study
from enquiry_lesson_study.rules import booking, cycle, discussion, group, plan
from enquiry_lesson_study.state import TAKING_PART

chosen_take_part = pupil_has_not_withdrawn(group.labels, *TAKING_PART)
JOINING = (
    FORMING,
    FOCUS_SET,
    STUDYING,
    PLANNING,
    PLAN_LOCKED,
    TAUGHT,
    DISCUSSING,
    DISCUSSED,
)
"""Not while a lesson is taught, nor once the cycle is complete."""
OF_GROUP = More(rules=(group.is_of_group,))


def joining(study: Builder) -> None:
    """Somebody joins, leaves, or withdraws."""
    common(
        study,
        Settings(
            plan=to_study.PlanStudy,
            lead=LEAD,
            participants=EVERYBODY,
            invited=INVITED,
            invitable=("member", "knowledgeable-other", "guest"),
            core=("member",),
            subjects=(*EVERYBODY, FORMER),
            joining=JOINING,
            cancelled=CANCELLED,
            protocol=to_study.PROTOCOL_VERSION,
            registrars=(CLASS_TEACHER,),
            knowing=(LEAD, MEMBER, ADVISER),
            retracting=EVERYBODY,
            more={
                run.InviteToRun: More(
                    rules=(group.guests_come_to_public_lessons, group.there_is_room)
                ),
                run.LeaveRun: More(handler=acts.leave, to=(CANCELLED,), also=booking.LEAVING.book),
                run.WithdrawConsent: More(
                    handler=acts.withdraw, to=(CANCELLED,), also=booking.WITHDRAWING.book
                ),
                run.CancelRun: More(also=booking.DROPPING.book),
                run.AttachForm: OF_GROUP,
                run.ReviewIdentifiability: OF_GROUP,
                run.PublishRunEvidence: More(rules=(group.is_of_group, cycle.evidence_is_agreed)),
                run.ShareItem: More(rules=(group.item_stays_in_group,)),
                run.IssueCertificate: OF_GROUP,
                RetractContribution: More(rules=(discussion.may_be_taken_back,)),
            },
        ),
    )


def forming(study: Builder) -> None:
    """The group, its focus, what it finds out, its case pupils."""
    study.move(
        to_study.FormGroup,
        by=LEAD,
        at=FORMING,
        decision=True,
        about="membership",
        handler=acts.form_group,
        facts=(to_study.GroupFormed,),
        rules=(
            group.not_formed,
            group.members_are_colleagues,
            group.class_teacher_is_member,
            group.group_is_large_enough,
        ),
    )
    study.move(
        to_study.SetResearchFocus,
        by=MEMBER,
        at=(FORMING, FOCUS_SET, STUDYING),
        to=FOCUS_SET,
        decision=True,
        about="focus",
        handler=acts.set_focus,
        rules=(group.focus_is_about_learning, group.focus_rests_on_data, TEXT_GUARD),
    )
    study.move(
        to_study.RecordStudyFinding,
        by=(MEMBER, ADVISER),
        at=(FOCUS_SET, STUDYING, PLANNING),
        to=STUDYING,
        handler=acts.record_finding,
    )
    study.move(
        to_study.ChooseCasePupils,
        by=CLASS_TEACHER,
        at=(FOCUS_SET, STUDYING, PLANNING),
        decision=True,
        about="case-pupils",
        handler=acts.choose_pupils,
        facts=(to_study.CasePupilsChosen, PupilRegistered, to_study.CasePupilDescribed),
        rules=(
            registers_own_pupils,
            chosen_take_part,
            plan.plan_is_open,
            group.pupils_are_told_apart,
            group.label_is_free,
            group.new_names_stay_sealed,
            TEXT_GUARD,
        ),
    )
