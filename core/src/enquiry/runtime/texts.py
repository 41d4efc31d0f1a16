"""Opening personal values, and the roster that TextGuard judges with."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.state import Pupil, Run
from enquiry.kernel.textguard import Descriptor, Guard, Person, Role, Roster, text_check, word_lists
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.ctx import TextCheck
from enquiry.method.live import Live
from enquiry.method.method import Recorded
from enquiry.method.record import Ref, opened, ref_of, refs_in
from enquiry.method.texts import texts
from enquiry.privacy.keys import Keyring
from enquiry.privacy.sealing import Context, Envelope


class Partly(Struct, frozen=True):
    """A fact of which some fields are not shown: their texts stay closed, whatever a view says."""

    fact: Recorded
    hide: frozenset[str]


Allowed = Callable[[StoredEvent], Recorded | Partly | None]
"""Which events' values may be opened: the decoded fact, all of it or in part, or ``None``."""

ROSTERS_MAX = 256


class Opener:
    """Opens references to personal values, for those who may read the facts they stand in."""

    def __init__(self, log: Log, keyring: Keyring) -> None:
        """Ciphertexts come from ``log``, keys from ``keyring``."""
        self._log = log
        self._keyring = keyring

    async def open(self, value: Any, allowed: Allowed, alliance: UUID) -> Any:
        """The JSON values with every reference replaced.

        A reference to a fact, or to a field of one, that ``allowed`` does not let through becomes a
        withheld placeholder: a view cannot show what its viewer may not read. Nor does anything of
        another alliance than this one come out of the database, whatever is referred to.
        """
        refs = refs_in(value)
        if not refs:
            return opened(value, {})
        events = await self._log.read_at(sorted({ref.position for ref in refs}), alliance)
        return opened(value, await self._texts(refs, events, allowed, alliance))

    async def _texts(
        self,
        refs: Iterable[Ref],
        events: Sequence[StoredEvent],
        allowed: Allowed,
        alliance: UUID,
    ) -> dict[Ref, Any]:
        """What each reference says, as text or as a typed placeholder object."""
        wanted: dict[tuple[int, int], Context] = {}
        for event in events:
            recorded = allowed(event)
            if recorded is not None:
                wanted.update(contexts(event, recorded))
        asked = {(ref.position, ref.slot) for ref in refs}
        wanted = {at: context for at, context in wanted.items() if at in asked}
        sealed = await self._log.sealed(sorted({position for position, _ in wanted}), alliance)
        found = await self._keyring.unseal(wanted, sealed)
        withheld = {"placeholder": "withheld", "reason": "not-yours"}
        return {
            ref: msgspec.to_builtins(found.get((ref.position, ref.slot), withheld)) for ref in refs
        }


def contexts(event: StoredEvent, shown: Recorded | Partly) -> dict[tuple[int, int], Context]:
    """What each sealed value of an event is about, by (position, slot), but for hidden fields."""
    recorded, hide = (
        (shown.fact, shown.hide) if isinstance(shown, Partly) else (shown, frozenset[str]())
    )
    envelope = Envelope(event.alliance, event.stream, event.id, event.kind, recorded.version)
    found: dict[tuple[int, int], Context] = {}
    for at in texts(recorded.entry):
        ref = ref_of(at.value)
        if ref is None or at.field.subject is None or at.path[0] in hide:
            continue
        name = at.field.subject
        subject = recorded.was.by if name == "by" else getattr(at.owner, name)
        found[ref.position, ref.slot] = Context(
            envelope, ref.slot, at.pointer, subject, at.field.kind
        )
    return found


class Rosters:
    """Who and what must not be named in a run's shared texts: compiled once, then kept."""

    def __init__(self, opener: Opener) -> None:
        """Names are opened by ``opener``."""
        self._opener = opener
        self._kept: OrderedDict[Any, tuple[TextCheck, str]] = OrderedDict()

    def clear(self) -> None:
        """Forget every name, because somebody was erased."""
        self._kept.clear()

    async def check_for(
        self, around: Live, run: Any, allowed: Allowed, lang: str
    ) -> tuple[TextCheck, str]:
        """The check for one run, as the alliance around it stands, and its word lists."""
        hosts = run.hosts() if isinstance(run, Run) else ()
        schools = _schools(run)
        pupils: Mapping[str, Pupil] = run.pupils if isinstance(run, Run) else {}
        registered = tuple(pupil.name for pupil in pupils.values())
        told = sorted(run.descriptors().items()) if isinstance(run, Run) else ()
        descriptors = tuple(Descriptor(words, rooms) for words, rooms in told)
        key = (around.stream, around.revision, schools, hosts, registered, descriptors, lang)
        kept = self._kept.get(key)
        if kept is None:
            roster = await self._roster(around, schools, hosts, pupils, allowed)
            kept = _check(msgspec.structs.replace(roster, descriptors=descriptors), lang)
            self._kept[key] = kept
            if len(self._kept) > ROSTERS_MAX:
                self._kept.popitem(last=False)
        return kept

    async def _roster(
        self,
        around: Live,
        schools: Sequence[UUID],
        hosts: Sequence[UUID],
        pupils: Mapping[str, Pupil],
        allowed: Allowed,
    ) -> Roster:
        alliance = around.state
        if not isinstance(alliance, Alliance):
            raise TypeError(f"{around.stream} is no alliance")
        staff = [
            person
            for person, known in alliance.people.items()
            if any(m.school in schools for m in known.memberships)
        ]
        people = dict.fromkeys((*hosts, *staff))
        refs = {str(p): alliance.people[p].name for p in people if p in alliance.people}
        refs |= {str(pupil.id): pupil.name for pupil in pupils.values()}
        names: Mapping[str, Any] = await self._opener.open(refs, allowed, around.stream)
        roles: dict[str, Role] = {str(host): "host" for host in hosts}
        roles |= {str(pupil.id): "pupil" for pupil in pupils.values()}
        known = [alliance.schools[one] for one in schools if one in alliance.schools]
        return Roster(
            people=tuple(
                Person(id=id_, name=name, role=roles.get(id_, "staff"))
                for id_, name in names.items()
                if isinstance(name, str)
            ),
            rooms=tuple(room.code for room in alliance.rooms.values() if room.school in schools),
            classes=tuple(code for one in known for code in one.classes),
            labels=tuple(pupils),
        )


def _schools(state: Any) -> tuple[UUID, ...]:
    """Schools whose people and rooms must not be named: those entered, or those that take part."""
    if isinstance(state, Run):
        return state.schools_entered()
    return state.schools if isinstance(state, Enquiry) else ()


def _check(roster: Roster, lang: str) -> tuple[TextCheck, str]:
    lists = word_lists(lang)
    # A text is looked at twice, once for what is refused and once for what is remarked.
    check = lru_cache(maxsize=64)(text_check(Guard(roster, lists)))
    return check, lists.version
