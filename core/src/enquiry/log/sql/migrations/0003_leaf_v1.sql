-- The leaf hash of an event, from its stored bytes: SHA-256(0x00 || entry), integers big-endian.
-- The entry: 'EQL1', alliance 16, sequence 8, position 8, recorded_at 8, event id 16, kind (1 byte
-- of length before it), SHA-256 of the body 32, number of sealed values 2, and of each: slot 2,
-- key 16, SHA-256 of the ciphertext 32 (`seals` holds these, 50 bytes each).
-- STABLE, as convert_to is: only then is it merged into the statement that calls it.
CREATE FUNCTION leaf_v1(
    alliance uuid,
    sequence bigint,
    place bigint,
    recorded_at bigint,
    event_id uuid,
    kind text,
    body bytea,
    seals bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    '\x0045514c31'::bytea || uuid_send(alliance)
    || int8send(sequence) || int8send(place) || int8send(recorded_at) || uuid_send(event_id)
    || substr(int2send(octet_length(kind)::smallint), 2) || convert_to(kind, 'UTF8')
    || sha256(body)
    || int2send((octet_length(seals) / 50)::smallint) || seals
);
