"""The leaf against an entry written out by hand, in Python and in SQL."""

from hashlib import sha256
from uuid import UUID

import pytest
from msgspec.structs import replace

from enquiry.log.leaf import entry, leaf, seals
from enquiry.log.promise import SealedValue, StoredEvent

VALUES = (
    SealedValue(0, UUID(int=0x1111), b"ciphertext"),
    SealedValue(258, UUID(int=0x2222), b""),
)
EVENT = StoredEvent(
    position=259,
    alliance=UUID("00112233-4455-6677-8899-aabbccddeeff"),
    sequence=258,
    stream=UUID(int=7),
    revision=3,
    id=UUID("ffeeddcc-bbaa-9988-7766-554433221100"),
    kind="learning-walk/note-recorded",
    body=b'{"note":1}',
    recorded_at=0x0006_0102_0304_0506,
    leaf=b"",
    seals=seals(VALUES),
)
BY_HAND = bytes.fromhex(
    "45514c31"
    "00112233445566778899aabbccddeeff"
    "0000000000000102"
    "0000000000000103"
    "0006010203040506"
    "ffeeddccbbaa99887766554433221100"
    "1b" + b"learning-walk/note-recorded".hex() + sha256(b'{"note":1}').hexdigest() + "0002"
    "0000" + "00000000000000000000000000001111" + sha256(b"ciphertext").hexdigest() + "0102"
    "00000000000000000000000000002222" + sha256(b"").hexdigest()
)


def test_the_entry_is_laid_out_as_it_is_written_down():
    assert entry(EVENT) == BY_HAND


def test_the_leaf_hash_is_kept_apart_from_the_hashes_of_inner_nodes():
    assert leaf(EVENT) == sha256(b"\x00" + BY_HAND).digest()


@pytest.mark.parametrize("part", ["all", "no seals", "long kind", "empty body"])
async def test_sql_and_python_hash_the_same_bytes(connection, part):
    event = {
        "all": EVENT,
        "no seals": replace(EVENT, seals=b""),
        "long kind": replace(EVENT, kind="k" * 255),
        "empty body": replace(EVENT, body=b""),
    }[part]
    in_sql = await connection.fetchval(
        "SELECT leaf_v1($1, $2, $3, $4, $5, $6, $7, $8)",
        event.alliance,
        event.sequence,
        event.position,
        event.recorded_at,
        event.id,
        event.kind,
        event.body,
        event.seals,
    )
    assert in_sql == leaf(event)
