"""Forms and facts about who takes part."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.agreement.content import DecisionRule
from enquiry.kernel.enquiry.people.state import Scope
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_PERSON = ask("Whom?", address=True, ui="people")
_SCHOOL = ask("Which school?", address=True, ui="choice")


class CreateEnquiry(Entry):
    """Open an enquiry"""

    title: Annotated[str, text("What shall it be called?", upto=200)]
    schools: Annotated[tuple[UUID, ...], ask("Which schools take part?", at_least=1, at_most=100)]
    scope: Annotated[Scope, ask("Does one school enquire, or several?", ui="choice")] | None = None
    """By default what the number of schools says."""
    decision_rule: Annotated[DecisionRule, ask("How is agreed?", ui="choice")] | None = None
    """By default every school agrees; within one school, every member."""


class EnquiryCreated(Entry, records="enquiry-created"):
    """The enquiry was opened"""

    title: Annotated[str, text("Title", upto=200)]
    schools: tuple[UUID, ...]
    scope: Scope = Scope.ALLIANCE
    decision_rule: DecisionRule = DecisionRule.UNANIMOUS_BY_SCHOOL

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever opened it is its first member."""
        return s.but(
            title=self.title,
            scope=self.scope,
            schools=self.schools,
            members=(was.by,),
            agreement=s.agreement.but(rule=self.decision_rule),
        )


class AddSchool(Entry, records="school-joined"):
    """Let another school take part"""

    school: Annotated[UUID, _SCHOOL]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add once."""
        return s.but(schools=_with(s.schools, self.school))


class NameDecisionRep(Entry, records="decision-rep-named"):
    """Name who responds to proposals for a school"""

    school: Annotated[UUID, _SCHOOL]
    person: Annotated[UUID, _PERSON]
    deputy: Annotated[bool, ask("As deputy?")] = False

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """One for each school, and one deputy; what has been responded stays."""
        if self.deputy:
            return s.but(deputies={**s.deputies, self.school: self.person})
        return s.but(representatives={**s.representatives, self.school: self.person})


class NameFacilitator(Entry, records="facilitator-named"):
    """Name somebody who supports and coordinates the group"""

    person: Annotated[UUID, _PERSON]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add once."""
        return s.but(
            facilitators=_with(s.facilitators, self.person), members=_with(s.members, self.person)
        )


class NameCriticalFriend(Entry, records="critical-friend-named"):
    """Name an outsider who is invited to question what the group has agreed"""

    person: Annotated[UUID, _PERSON]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add once."""
        return s.but(friends=_with(s.friends, self.person))


class InviteMember(Entry, records="member-invited"):
    """Invite somebody to the group; they may decline without a reason"""

    person: Annotated[UUID, _PERSON]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The invitation stands until it is answered."""
        return s.but(invited=_with(s.invited, self.person))


class AcceptInvitation(Entry, records="member-joined"):
    """Join the group"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever was invited is a member."""
        return s.but(
            members=_with(s.members, was.by),
            invited=_without(s.invited, was.by),
            former=_without(s.former, was.by),
        )


class DeclineInvitation(Entry, records="member-declined"):
    """Not join the group"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The invitation is gone; nothing else remains of it."""
        return s.but(invited=_without(s.invited, was.by))


class LeaveEnquiry(Entry, records="member-left"):
    """Leave the group; no reason is needed"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever leaves no longer facilitates, nor responds for a school."""
        return s.but(
            members=_without(s.members, was.by),
            facilitators=_without(s.facilitators, was.by),
            former=_with(s.former, was.by),
            friends=_without(s.friends, was.by),
            representatives={k: p for k, p in s.representatives.items() if p != was.by},
            deputies={k: p for k, p in s.deputies.items() if p != was.by},
        )


class TakeOverEnquiry(Entry, records="enquiry-taken-over"):
    """Take over an enquiry that everybody has left"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever takes it over facilitates it, so that it is ended or goes on."""
        return s.but(members=(was.by,), facilitators=(was.by,))


def _with(ids: tuple[UUID, ...], one: UUID) -> tuple[UUID, ...]:
    return ids if one in ids else (*ids, one)


def _without(ids: tuple[UUID, ...], one: UUID) -> tuple[UUID, ...]:
    return tuple(id_ for id_ in ids if id_ != one)
