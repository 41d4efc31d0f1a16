"""What recorded events say, in plain values, for a bundle that is to be read by people."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from enquiry.audit.pseudonyms import Pseudonyms
from enquiry.kernel.alliance.state import Alliance
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.live import Envelope, envelope_of, instant
from enquiry.method.record import Ref, opened, refs_in
from enquiry.method.registry import Registry
from enquiry.privacy.keys import Keyring
from enquiry.privacy.sealing import Context
from enquiry.runtime.streams import Streams
from enquiry.runtime.texts import contexts

IDENTIFYING = frozenset({"identity", "register", "safeguarding"})
"""Kinds of sealed value that say who somebody is; no pseudonym can stand for them."""
_NAME_PART_MIN = 3
"""Shorter parts of a name are found in too many words."""
_VEILED = {"placeholder": "withheld", "reason": "pseudonymised"}
_ABSENT = {"placeholder": "withheld", "reason": "method-absent"}


class Disclosure:
    """Tells what events say; with pseudonyms, without saying who anybody is."""

    def __init__(
        self,
        log: Log,
        registry: Registry,
        keyring: Keyring,
        alliance: UUID,
        pseudonyms: Pseudonyms | None = None,
    ) -> None:
        """Tell of one alliance; ``None``: everybody is told by id, and every text is opened."""
        self._log = log
        self._keyring = keyring
        self._streams = Streams(log, registry)
        self._alliance = alliance
        self._pseudonyms = pseudonyms
        self._people: set[UUID] = set()
        self._names: list[tuple[re.Pattern[str], str]] | None = None

    async def tell(self, events: Sequence[StoredEvent]) -> Sequence[Any]:
        """One JSON object for each event: where it stands, who did it, and what it says.

        With pseudonyms, ids of people are replaced; names, and what else says who somebody is, are
        withheld, and names that everybody in the alliance goes by are replaced within texts. What
        somebody wrote may still tell who is meant: that only its reader can judge.
        """
        if self._names is None:
            self._names = await self._known()
        wanted: dict[tuple[int, int], Context] = {}
        plain: list[dict[str, Any]] = []
        for event in events:
            said = envelope_of(event.body)
            self._people |= {said.by, *(one for people in said.cast.values() for one in people)}
            loaded = await self._streams.get(event.stream)
            compiled = loaded.compiled if loaded is not None else None
            recorded = compiled.facts.recorded(event) if compiled is not None else None
            if recorded is not None:
                wanted |= contexts(event, recorded)
            data = msgspec.to_builtins(recorded.entry, str_keys=True) if recorded else _ABSENT
            plain.append(_line(event, said, data))
        texts = await self._texts(refs_in(plain), wanted)
        told = opened(plain, texts)
        if self._pseudonyms is None:
            return told
        return self._pseudonyms.veil(told, self._people)

    async def _texts(
        self, refs: set[Ref], wanted: Mapping[tuple[int, int], Context]
    ) -> Mapping[Ref, Any]:
        asked = {
            at: wanted[at]
            for at in sorted((ref.position, ref.slot) for ref in refs)
            if at in wanted and (self._pseudonyms is None or wanted[at].kind not in IDENTIFYING)
        }
        sealed = await self._log.sealed(sorted({position for position, _ in asked}))
        found = await self._keyring.unseal(asked, sealed)
        texts: dict[Ref, Any] = {}
        for ref in refs:
            value = found.get((ref.position, ref.slot))
            texts[ref] = _VEILED if value is None else msgspec.to_builtins(value)
            if isinstance(value, str):
                texts[ref] = self._renamed(value)
        return texts

    async def _known(self) -> list[tuple[re.Pattern[str], str]]:
        """Everybody in the alliance: their ids to be replaced, and their names within texts."""
        loaded = await self._streams.get(self._alliance)
        state = loaded.live.state if loaded is not None else None
        if not isinstance(state, Alliance) or self._pseudonyms is None or loaded is None:
            return []
        self._people |= state.people.keys()
        names = {str(id_): person.name for id_, person in state.people.items()}
        refs = refs_in(names)
        events = await self._log.read_at(sorted({ref.position for ref in refs}))
        wanted: dict[tuple[int, int], Context] = {}
        for event in events:
            recorded = loaded.compiled.facts.recorded(event) if loaded.compiled else None
            wanted |= contexts(event, recorded) if recorded is not None else {}
        sealed = await self._log.sealed([event.position for event in events])
        found = await self._keyring.unseal(wanted, sealed)
        texts = {ref: found.get((ref.position, ref.slot)) for ref in refs}
        told = sorted(opened(names, texts).items())
        return [
            (pattern, str(self._pseudonyms.of(UUID(id_))))
            for id_, name in told
            if isinstance(name, str)
            for pattern in _patterns(name)
        ]

    def _renamed(self, text: str) -> str:
        for pattern, pseudonym in self._names or ():
            text = pattern.sub(pseudonym, text)
        return text


def _patterns(name: str) -> list[re.Pattern[str]]:
    """The whole name first, then its parts."""
    parts = [name, *(part for part in name.split() if len(part) >= _NAME_PART_MIN)]
    return [
        re.compile(rf"(?<!\w){re.escape(part)}(?!\w)", re.IGNORECASE)
        for part in dict.fromkeys(parts)
    ]


def _line(event: StoredEvent, said: Envelope, data: Any) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "position": event.position,
        "id": str(event.id),
        "kind": event.kind,
        "stream": str(event.stream),
        "revision": event.revision,
        "recorded_at": instant(event.recorded_at).isoformat(),
        "by": str(said.by),
        "acting_for": None if said.acting_for is None else str(said.acting_for),
        "cast": msgspec.to_builtins(said.cast),
        "data": data,
    }
