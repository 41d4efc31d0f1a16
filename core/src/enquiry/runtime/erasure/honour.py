"""Before anything is read: what was destroyed is destroyed, also in a database that was restored.

Three witnesses are asked. The log: a key that lives although a fact says that it is destroyed. The
table of keys: ciphertexts that lie under a tombstone. The ledger outside of the database: keys
whose facts were lost with the end of the log; these facts are recorded again.
"""

from datetime import datetime
from uuid import UUID

from enquiry.log.promise import KeyRecord, Log
from enquiry.method import core_facts as core
from enquiry.privacy.ledger import Ledger
from enquiry.runtime.erasure.fence import Fence, fact_id

PAGE = 5000


async def honour(log: Log, ledger: Ledger, now: datetime) -> int:
    """Destroy again what was destroyed before; returns how many keys that were.

    Raises:
        LedgerRefused: the ledger cannot be read. Nothing must be opened then.
        Unavailable: the log cannot be reached.
    """
    remembered = ledger.read()
    lost: list[KeyRecord] = []
    told: list[UUID] = []
    after = UUID(int=0)
    while page := await log.living_after(after, PAGE):
        after = page[-1].id
        said = await log.existing([fact_id(key.id) for key in page])
        told += [key.id for key in page if fact_id(key.id) in said]
        lost += [key for key in page if key.id in remembered and fact_id(key.id) not in said]
    half = await log.half_shredded()
    if told or half:
        ledger.add(told)
        await log.shred([*told, *half])
    await Fence(log, ledger).destroy(lost, core.Destroying.AGAIN, now)
    return len(told) + len(half) + len(lost)
