"""Open every sealed value that rows refer to, for whoever holds the keys of the place."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from enquiry.log.promise import Log
from enquiry.method.compiled import Compiled
from enquiry.method.record import Ref
from enquiry.method.registry import Registry
from enquiry.privacy.keys import Keyring
from enquiry.privacy.sealing import Context
from enquiry.runtime.lists.compare import Texts
from enquiry.runtime.streams import Streams
from enquiry.runtime.texts import contexts

_UNREADABLE = {"placeholder": "withheld", "reason": "method-absent"}


def contents(log: Log, registry: Registry, keyring: Keyring) -> Texts:
    """What each reference says, or the placeholder of one that was erased; for whoever asks.

    Digests are made of it. It is shown to nobody.
    """
    streams = Streams(log, registry)

    async def texts(refs: Collection[Ref]) -> Mapping[Ref, Any]:
        events = await log.read_at(sorted({ref.position for ref in refs}))
        methods: dict[UUID, Compiled | None] = {}
        wanted: dict[tuple[int, int], Context] = {}
        for event in events:
            if event.stream not in methods:
                loaded = await streams.get(event.stream)
                methods[event.stream] = loaded.compiled if loaded is not None else None
            compiled = methods[event.stream]
            recorded = compiled.facts.recorded(event) if compiled is not None else None
            if recorded is not None:
                wanted |= contexts(event, recorded)
        asked = {(ref.position, ref.slot) for ref in refs}
        wanted = {at: context for at, context in wanted.items() if at in asked}
        sealed = await log.sealed(sorted({position for position, _ in wanted}))
        found = await keyring.unseal(wanted, sealed)
        return {
            ref: msgspec.to_builtins(found.get((ref.position, ref.slot), _UNREADABLE))
            for ref in refs
        }

    return texts
