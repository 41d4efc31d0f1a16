-- Append a batch: every append is judged on its own, all winners are written in one go.
--
-- Columns, append by append. Ids that come often are sent once and meant by number, from 1.
-- The lock comes first and the checks read after it: in a VOLATILE function each statement sees
-- what was committed until then; in a single statement the checks would see the log before the lock.
-- Losers burn no number and disturb no winner; an append sees those before it in the same batch.
--
-- outcome, and what it makes of low and high:
--   1 appended     position of its first, of its last event; so also for
--   2 replayed     the original's
--   3 key reused   nothing
--   4 conflict     number of the stream that has moved; the revision it is at
--   5 foreign      number of the stream that belongs to another alliance; nothing
--   6 key gone     number of the data key that does not live; nothing
CREATE FUNCTION append_v1(
    alliances uuid[],
    streams uuid[],
    data_keys uuid[],
    idem_alliance int[],
    idem_key bytea[],
    append_alliance int[],
    append_recorded_at bigint[],
    append_idem int[],             -- 0: without a key
    append_fingerprint bytea[],
    append_expected int[],         -- how many rows below are its own; so also the next three
    append_events int[],
    append_sealed int[],
    append_wrapped int[],
    expected_stream int[],
    expected_revision bigint[],    -- 0: does not exist yet; -1: nor does it, and it begins at 0
    event_stream int[],
    event_revision bigint[],
    event_id uuid[],
    event_kind text[],
    event_body bytea[],
    sealed_event int[],
    sealed_slot smallint[],
    sealed_key int[],
    sealed_ciphertext bytea[],
    wrapped_key int[],
    wrapped_stream int[],
    wrapped_subject uuid[],
    wrapped_kind text[],
    wrapped_bytes bytea[],
    wrapped_commitment bytea[],
    OUT outcome smallint[],
    OUT low bigint[],
    OUT high bigint[],
    OUT recorded bigint[]
)
LANGUAGE plpgsql VOLATILE
SET search_path FROM CURRENT
-- Every look-up is of one row by an index: a plan made while a table was small must not scan it when
-- it has grown.
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    before bigint;                 -- head of the log, before and after
    head bigint;
    revisions bigint[];            -- of `streams`; -1: does not exist
    owners uuid[];                 -- of `streams`
    sequences bigint[];            -- newest of `alliances`; -1: none
    times bigint[];                -- newest of `alliances`
    key_owners uuid[];             -- of `data_keys`; null: unknown
    key_states text[];
    idem_low bigint[];             -- of `idem_key`; null: unknown
    idem_high bigint[];
    idem_at bigint[];
    idem_fingerprint bytea[];
    event_position bigint[] := array_fill(0::bigint, ARRAY[cardinality(event_stream)]);
    event_sequence bigint[] := event_position;
    event_at bigint[] := event_position;
    event_seals bytea[] := array_fill(''::bytea, ARRAY[cardinality(event_stream)]);
    sealed_position bigint[] := array_fill(0::bigint, ARRAY[cardinality(sealed_event)]);
    wrapped_alliance uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(wrapped_key)]);
    x int := 0;                    -- rows of earlier appends: of expected, events, sealed, wrapped
    e int := 0;
    s int := 0;
    w int := 0;
    alliance uuid;
    a int;                         -- numbers of: an alliance, an idempotency key, anything
    k int;
    n int;
    verdict smallint;
    l bigint;
    h bigint;
    t bigint;
BEGIN
    PERFORM lock_v1();

    before := coalesce((SELECT max(notification_id) FROM stored_events), 0);
    head := before;
    SELECT array_agg(coalesce(newest.originator_version, -1) ORDER BY wanted.n),
        array_agg(newest.alliance ORDER BY wanted.n)
    INTO revisions, owners
    FROM unnest(streams) WITH ORDINALITY AS wanted (id, n) LEFT JOIN LATERAL (
        SELECT ev.originator_version, ev.alliance FROM stored_events ev
        WHERE ev.originator_id = wanted.id ORDER BY ev.originator_version DESC LIMIT 1
    ) newest ON true;
    SELECT array_agg(coalesce(newest.sequence, -1) ORDER BY wanted.n),
        array_agg(coalesce(newest.recorded_at, 0) ORDER BY wanted.n)
    INTO sequences, times
    FROM unnest(alliances) WITH ORDINALITY AS wanted (id, n) LEFT JOIN LATERAL (
        SELECT ev.sequence, ev.recorded_at FROM stored_events ev
        WHERE ev.alliance = wanted.id ORDER BY ev.sequence DESC LIMIT 1
    ) newest ON true;
    IF cardinality(idem_key) > 0 THEN
        SELECT array_agg(known.first ORDER BY wanted.n), array_agg(known.last ORDER BY wanted.n),
            array_agg(known.recorded_at ORDER BY wanted.n),
            array_agg(known.fingerprint ORDER BY wanted.n)
        INTO idem_low, idem_high, idem_at, idem_fingerprint
        FROM unnest(idem_alliance, idem_key) WITH ORDINALITY AS wanted (alliance, key, n)
        LEFT JOIN LATERAL (
            SELECT i.first, i.last, i.fingerprint, ev.recorded_at
            FROM idempotency i JOIN stored_events ev ON ev.notification_id = i.first
            WHERE i.alliance = alliances[wanted.alliance] AND i.key = wanted.key LIMIT 1
        ) known ON true;
    END IF;
    IF cardinality(data_keys) > 0 THEN
        SELECT array_agg(known.alliance ORDER BY wanted.n),
            array_agg(known.state ORDER BY wanted.n)
        INTO key_owners, key_states
        FROM unnest(data_keys) WITH ORDINALITY AS wanted (id, n) LEFT JOIN LATERAL (
            SELECT d.alliance, d.state FROM subject_keys d WHERE d.id = wanted.id LIMIT 1
        ) known ON true;
    END IF;

    FOR i IN 1 .. cardinality(append_alliance) LOOP
        verdict := 1;
        a := append_alliance[i];
        alliance := alliances[a];
        k := append_idem[i];

        IF k > 0 AND idem_low[k] IS NOT NULL THEN
            IF idem_fingerprint[k] = append_fingerprint[i] THEN
                verdict := 2; l := idem_low[k]; h := idem_high[k]; t := idem_at[k];
            ELSE
                verdict := 3;
            END IF;
        END IF;
        IF verdict = 1 THEN
            FOR j IN x + 1 .. x + append_expected[i] LOOP
                n := expected_stream[j];
                IF expected_revision[j] <> revisions[n]
                    AND NOT (revisions[n] = -1 AND expected_revision[j] = 0)
                THEN
                    verdict := 4; l := n; h := greatest(revisions[n], 0);
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict = 1 THEN
            FOR j IN e + 1 .. e + append_events[i] LOOP
                IF owners[event_stream[j]] <> alliance THEN
                    verdict := 5; l := event_stream[j];
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict = 1 THEN
            FOR j IN w + 1 .. w + append_wrapped[i] LOOP
                IF key_owners[wrapped_key[j]] IS NOT NULL OR EXISTS (
                    SELECT FROM subject_keys d
                    WHERE d.stream = streams[wrapped_stream[j]]
                        AND d.subject = wrapped_subject[j] AND d.kind = wrapped_kind[j]
                ) THEN
                    verdict := 6; l := wrapped_key[j];
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict = 1 THEN
            FOR j IN s + 1 .. s + append_sealed[i] LOOP
                n := sealed_key[j];
                IF (key_owners[n] = alliance AND key_states[n] = 'living') IS NOT TRUE
                    AND n <> ALL (wrapped_key[w + 1 : w + append_wrapped[i]])
                THEN
                    verdict := 6; l := n;
                    EXIT;
                END IF;
            END LOOP;
        END IF;

        IF verdict = 1 THEN
            t := greatest(append_recorded_at[i], times[a]);
            times[a] := t;
            l := head + 1;
            FOR j IN e + 1 .. e + append_events[i] LOOP
                n := event_stream[j];
                head := head + 1;
                sequences[a] := sequences[a] + 1;
                event_position[j] := head;
                event_sequence[j] := sequences[a];
                event_at[j] := t;
                revisions[n] := event_revision[j];
                owners[n] := alliance;
            END LOOP;
            h := head;
            FOR j IN s + 1 .. s + append_sealed[i] LOOP
                n := sealed_event[j];
                sealed_position[j] := event_position[n];
                event_seals[n] := event_seals[n] || int2send(sealed_slot[j])
                    || uuid_send(data_keys[sealed_key[j]]) || sha256(sealed_ciphertext[j]);
            END LOOP;
            FOR j IN w + 1 .. w + append_wrapped[i] LOOP
                wrapped_alliance[j] := alliance;
                key_owners[wrapped_key[j]] := alliance;
                key_states[wrapped_key[j]] := 'living';
            END LOOP;
            IF k > 0 THEN
                idem_low[k] := l; idem_high[k] := h; idem_at[k] := t;
                idem_fingerprint[k] := append_fingerprint[i];
            END IF;
        END IF;

        outcome[i] := verdict; low[i] := l; high[i] := h; recorded[i] := t;
        x := x + append_expected[i];
        e := e + append_events[i];
        s := s + append_sealed[i];
        w := w + append_wrapped[i];
    END LOOP;
    IF head = before THEN
        RETURN;
    END IF;

    INSERT INTO stored_events (
        originator_id, originator_version, topic, state, notification_id,
        event_id, alliance, sequence, recorded_at, seals, leaf
    )
    SELECT streams[v.stream], v.revision, v.kind, v.body, v.place,
        v.id, owners[v.stream], v.sequence, v.at, v.seals,
        leaf_v1(owners[v.stream], v.sequence, v.place, v.at, v.id, v.kind, v.body, v.seals)
    FROM unnest(
        event_stream, event_revision, event_id, event_kind, event_body,
        event_seals, event_position, event_sequence, event_at
    ) AS v (stream, revision, id, kind, body, seals, place, sequence, at)
    WHERE v.place > 0;

    IF cardinality(sealed_event) > 0 THEN
        INSERT INTO sealed (position, slot, alliance, key, ciphertext)
        SELECT v.place, v.slot, owners[event_stream[v.event]], data_keys[v.key], v.ciphertext
        FROM unnest(sealed_event, sealed_slot, sealed_key, sealed_ciphertext, sealed_position)
            AS v (event, slot, key, ciphertext, place)
        WHERE v.place > 0;
    END IF;
    IF cardinality(wrapped_key) > 0 THEN
        INSERT INTO subject_keys (id, alliance, stream, subject, kind, wrapped, commitment)
        SELECT data_keys[v.key], v.alliance, streams[v.stream], v.subject, v.kind, v.bytes,
            v.commitment
        FROM unnest(
            wrapped_key, wrapped_stream, wrapped_subject, wrapped_kind, wrapped_bytes,
            wrapped_commitment, wrapped_alliance
        ) AS v (key, stream, subject, kind, bytes, commitment, alliance)
        WHERE v.alliance IS NOT NULL;
    END IF;
    IF cardinality(idem_key) > 0 THEN
        INSERT INTO idempotency (alliance, key, fingerprint, first, last)
        SELECT alliances[append_alliance[i]], idem_key[append_idem[i]], append_fingerprint[i],
            low[i], high[i]
        FROM generate_subscripts(append_idem, 1) AS i
        WHERE append_idem[i] > 0 AND outcome[i] = 1;
    END IF;

    -- A bell for those who wait, on the channel where the library's own recorder listens.
    PERFORM pg_notify('stored_events', current_schema() || ' ' || head);
END
$$;
