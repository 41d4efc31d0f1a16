"""What the common rules must remember of a run."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from enquiry.kernel.identifiability import Audience, Reading
from enquiry.kernel.vocabulary import CollectionMethod, Level, Purpose, Respondents
from enquiry.method.entry import Piece, State, Was
from enquiry.method.fields import ask, text


class ConsentPurpose(StrEnum):
    """What somebody agrees to; never bundled."""

    PARTICIPATE = "participate"
    BE_OBSERVED = "be_observed"
    BE_INTERVIEWED = "be_interviewed"
    BE_AUDIO_RECORDED = "be_audio_recorded"
    BE_VIDEO_RECORDED = "be_video_recorded"
    QUOTE_VERBATIM = "quote_verbatim"
    SHARE_GROUP = "share_group"
    SHARE_SCHOOL = "share_school"
    SHARE_ALLIANCE = "share_alliance"
    PUBLISH_PUBLIC = "publish_public"
    CONTACT_FOR_FOLLOWUP = "contact_for_followup"


CONSENT_ALONE = frozenset(
    {
        ConsentPurpose.BE_INTERVIEWED,
        ConsentPurpose.BE_AUDIO_RECORDED,
        ConsentPurpose.BE_VIDEO_RECORDED,
        ConsentPurpose.SHARE_ALLIANCE,
        ConsentPurpose.PUBLISH_PUBLIC,
        ConsentPurpose.CONTACT_FOR_FOLLOWUP,
    }
)
"""What is more than ordinary practice of a school: notice is never enough for it."""


class ConsentBasis(StrEnum):
    """On what an activity rests."""

    CONSENT = "consent"
    SCHOOL_TASK = "school_task_with_notice"


class GivenBy(StrEnum):
    """Who gave consent."""

    SELF = "self"
    PARENT_CARER = "parent_carer"
    BOTH = "both"


class Consent(Piece):
    """That somebody agreed to something, until a day (inclusive)."""

    purpose: ConsentPurpose
    valid_until: date
    withdrawn: bool = False
    basis: ConsentBasis = ConsentBasis.CONSENT
    given_by: GivenBy = GivenBy.SELF


class AgeBand(StrEnum):
    """All that is kept of a pupil's age: what decides who consents for them."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "from_13_to_15"
    FROM_16 = "from_16"


class Pupil(Piece):
    """Somebody in a run's sealed register of pupils, who has no account here."""

    id: UUID
    """Stands for the pupil where a person's id would: in consents, and as subject of their data."""
    name: str
    """A reference to the real name, never the name itself."""
    school: UUID
    by: UUID
    """Who registered them."""
    learner_group: str | None = None
    """A reference to what was said of the group of learners they are of."""
    age_band: AgeBand = AgeBand.UNDER_13
    assents: Mapping[ConsentPurpose, bool] = {}
    """What the pupil was asked, and said."""


class ErasureAsked(Piece):
    """That somebody asked for what is kept about them to be made unreadable."""

    everywhere: bool
    """Not only in this run."""
    at: datetime


class CertificateFacts(Piece):
    """What a certificate states: when somebody took part, for how long, which criteria they met."""

    dates: tuple[date, ...]
    minutes: int
    criteria: tuple[str, ...]


EVIDENCE_KEY = "evidence"
"""Kind of the keys that seal what is published: it outlasts what it was drawn from."""
_EVIDENCE = text("What does it show?", upto=1000, lines=3, kind=EVIDENCE_KEY, guard="reports")


class EvidenceItem(Piece):
    """A de-identified piece of evidence, resting on an output of the run."""

    output: Annotated[UUID, ask("On which output does it rest?")]
    text: Annotated[str, _EVIDENCE]
    collection_method: Annotated[CollectionMethod, ask("How was it gathered?", ui="choice")]
    respondents: Annotated[Respondents, ask("Whose view is it?", ui="choice")]
    level: Annotated[Level, ask("At which level of impact?", ui="choice")]


class Proposal(Piece):
    """Evidence that one of the two people it takes has asked to publish."""

    items: tuple[EvidenceItem, ...]
    by: UUID
    at: int
    """Revision at which they asked."""
    audience: Audience = Audience.ALLIANCE
    """For whom at most."""


class Run(State):
    """The part of a run's state that is the same in every method."""

    purpose: Purpose = Purpose.EXPLORE
    title: str = ""
    school: UUID | None = None
    """The school where it takes place, or of whoever planned it."""
    enquiry: UUID | None = None
    reasoned: bool = False
    """A reason for the choice of method is known."""
    lead: UUID | None = None
    people: Mapping[UUID, tuple[str, ...]] = {}
    """Who takes part, in which roles."""
    former: tuple[UUID, ...] = ()
    """People who left: their right to withdraw stays, in a role from outside."""
    invited: Mapping[UUID, str] = {}
    adopted: Mapping[UUID, int] = {}
    """Version of the protocol that each participant adopted."""
    started: bool = False
    started_at: datetime | None = None
    deviations: Mapping[UUID, str] = {}
    """The rule that was not followed, by the id of the fact that says so."""
    gone: Mapping[UUID, int] = {}
    """Facts that nobody sees any more, with the revision at which they were withdrawn."""
    withheld: Mapping[UUID, UUID] = {}
    """Facts that only their author still sees, with that author."""
    pupils: Mapping[str, Pupil] = {}
    """Pupils without an account, by their label; a label is never used again."""
    consents: Mapping[UUID, tuple[Consent, ...]] = {}
    """By person, or by the id of a registered pupil; likewise what was withdrawn."""
    withdrawn: Mapping[UUID, tuple[ConsentPurpose, ...]] = {}
    erasures: Mapping[UUID, ErasureAsked] = {}
    """Erasures that were asked for, by person or by the id of a registered pupil."""
    reviewed_at: int = 0
    """Revision of the last identifiability review that confirmed."""
    readings: tuple[Reading, ...] = ()
    """Reviews that confirmed: the latest of each person for each audience."""
    proposals: Mapping[UUID, Proposal] = {}
    """Evidence that somebody has asked to publish, by the id of the asking; also when it was."""
    published: Mapping[UUID, UUID] = {}
    """The proposal that was published, by the id of the act that completed it."""
    certified: tuple[UUID, ...] = ()
    shared: Mapping[UUID, tuple[str, ...]] = {}
    """With which audiences the owner of an item shared it."""
    shared_with: Mapping[UUID, tuple[UUID, ...]] = {}
    """With which people, where the method lets items be shared with a person."""
    corrections: Mapping[UUID, UUID] = {}
    """What each note of correction is about."""
    over_at: datetime | None = None
    """When it was closed or cancelled."""

    def evidence(self) -> Mapping[UUID, tuple[EvidenceItem, ...]]:
        """What was published, by the id of the act that completed it."""
        return {id_: self.proposals[proposal].items for id_, proposal in self.published.items()}

    def reach(self, publication: UUID) -> Audience:
        """For whom at most a publication is, as things stand: whoever agreed to the public may
        change their mind, and then it stays within the alliance."""
        asked = self.proposals[self.published[publication]]
        told = (person for item in asked.items for person in self.told_of(item.output))
        pupils = (pupil.id for pupil in self.pupils.values())
        purpose = ConsentPurpose.PUBLISH_PUBLIC
        if any(self.has_withdrawn(one, purpose) for one in (*told, *pupils)):
            return min(asked.audience, Audience.ALLIANCE, key=tuple(Audience).index)
        return asked.audience

    def holders(self, role: str) -> tuple[UUID, ...]:
        """Who takes part in this role."""
        return tuple(person for person, roles in self.people.items() if role in roles)

    def has_withdrawn(self, person: UUID, *purposes: ConsentPurpose) -> bool:
        """Whether this person withdrew consent to any of these."""
        return not set(self.withdrawn.get(person, ())).isdisjoint(purposes)

    def consents_to(self, person: UUID, purpose: ConsentPurpose, on: date) -> bool:
        """Whether this person's consent to this purpose holds on this day."""
        return bool(self.holding(person, purpose, on))

    def holding(self, person: UUID, purpose: ConsentPurpose, on: date) -> tuple[Consent, ...]:
        """Consents to this purpose that hold on this day; notice does not do for every purpose."""
        return tuple(
            c
            for c in self.consents.get(person, ())
            if c.purpose == purpose
            and not c.withdrawn
            and on <= c.valid_until
            and (c.basis == ConsentBasis.CONSENT or purpose not in CONSENT_ALONE)
        )

    def pupil_has_withdrawn(self, label: str, *purposes: ConsentPurpose) -> bool:
        """Whether it was said of this pupil that they take no part, or not in one of these."""
        pupil = self.pupils.get(label)
        every = (ConsentPurpose.PARTICIPATE, *purposes)
        return pupil is not None and self.has_withdrawn(pupil.id, *every)

    def hide(self, ids: tuple[UUID, ...], was: Was) -> Self:
        """Take facts out of everybody's sight, and what was said to correct them."""
        about = tuple(note for note, target in self.corrections.items() if target in ids)
        return self.but(gone={**self.gone, **dict.fromkeys((*ids, *about), was.revision)})

    def withhold(self, ids: tuple[UUID, ...], author: UUID) -> Self:
        """Take facts, and their corrections, out of the sight of everybody but their author."""
        about = tuple(note for note, target in self.corrections.items() if target in ids)
        return self.but(withheld={**self.withheld, **dict.fromkeys((*ids, *about), author)})

    # What a method says about its own content, for the common rules. The defaults say: nothing.

    def author_of(self, contribution: UUID) -> UUID | None:
        """Who wrote a contribution, if there is such a one and it is still there."""
        del contribution
        return None

    def owns(self, item: UUID, person: UUID) -> bool:
        """Whether an item is this person's to share: what they wrote themselves."""
        return self.author_of(item) == person

    def wrote(self, contribution: UUID, person: UUID) -> bool:
        """Whether it is this person's to take back, and still there: what they wrote themselves.

        A method says so also of what is nobody's to correct or to share, such as a private note.
        """
        return self.author_of(contribution) == person

    def may_retract(self, contribution: UUID) -> bool:
        """Whether its author may still take it back: until others rest on it."""
        del contribution
        return False

    def retracted(self, contribution: UUID, was: Was) -> Self:
        """The state after its author took it back; a method recomputes what rested on it."""
        return self.hide((contribution,), was)

    def reviewed(self, was: Was) -> Self:
        """The state after somebody's review of identifiability confirmed."""
        return self.but(reviewed_at=was.revision)

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        """Whether this participant may read a contribution, and so what is said to correct it.

        It is asked of what was taken back, too: whoever could read it may learn that it is gone.
        """
        del contribution, person
        return True

    def added(self, was: Was) -> Self:
        """The state after somebody attached a form or recorded a deviation."""
        del was
        return self

    def output_revision(self, output: UUID) -> int | None:
        """Revision at which an output was last changed, if it exists and is still supported."""
        del output
        return None

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> Self:
        """The state after this person withdrew: items about them gone, what rested on them too."""
        del person, purposes, was
        return self

    def without_pupil(self, label: str, purposes: tuple[ConsentPurpose, ...], was: Was) -> Self:
        """The state after consent was withdrawn for a registered pupil: items about them gone,
        what rested on those recomputed. The register and the consents are seen to already."""
        del label, purposes, was
        return self

    def told_of(self, output: UUID) -> tuple[UUID, ...]:
        """Of whom evidence may tell that rests on this output: everybody, unless a method knows
        better. The public reads it only if they all agree."""
        del output
        people = (self.lead, *self.people, *self.former, *self.hosts())
        return tuple(dict.fromkeys(person for person in people if person is not None))

    def schools_entered(self) -> tuple[UUID, ...]:
        """Schools whose people, rooms and classes no shared text may name: where it takes place."""
        return (self.school,) if self.school is not None else ()

    def descriptors(self) -> Mapping[str, int]:
        """Year groups, subjects and the like of the rooms that are entered, each with the number of
        rooms that have it: what only one has narrows a text down to it."""
        return {}

    def hosts(self) -> tuple[UUID, ...]:
        """Whose classrooms this run enters: their first names count as identifying, too."""
        return ()

    def certificate(self, person: UUID) -> CertificateFacts | None:
        """What a certificate would state; ``None`` while the criteria are not met."""
        del person
        return None

    def successor(self) -> UUID | None:
        """Who leads when the lead leaves: whoever joined first. A method that pupils take part in
        names a grown-up."""
        return next((person for person in self.people if person != self.lead), None)

    def departed(self, person: UUID, was: Was) -> Self:
        """The state after somebody left the run."""
        del was
        return self.but(
            people={p: roles for p, roles in self.people.items() if p != person},
            adopted={p: v for p, v in self.adopted.items() if p != person},
            former=(*(p for p in self.former if p != person), person),
        )
