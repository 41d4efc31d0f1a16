-- What the roles behind the wall call.

-- Whoever appends may call this and touch no table. It runs as the owner, so nothing that its caller
-- can make may stand in for a table of ours: temporary ones come last, and nothing else is looked at.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION append_v1 SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION lock_v1 SET search_path = %I, pg_temp', current_schema());
END
$$;
ALTER FUNCTION append_v1 SECURITY DEFINER;

-- Reads for somebody of one alliance: the transaction is bound to it first, so that no row of another
-- comes back, whatever positions are asked for. Where the wall is down, the predicate alone says so.
CREATE FUNCTION read_at_v1(bound uuid, positions bigint[])
RETURNS TABLE (
    place bigint, alliance uuid, sequence bigint, stream uuid, revision bigint, event_id uuid,
    kind text, body bytea, recorded_at bigint, leaf bytea, seals bytea
)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('enquiry.alliance', bound::text, true);
    RETURN QUERY
    SELECT ev.notification_id, ev.alliance, ev.sequence, ev.originator_id, ev.originator_version,
        ev.event_id, ev.topic, ev.state, ev.recorded_at, ev.leaf, ev.seals
    FROM stored_events ev WHERE ev.notification_id = ANY (positions) AND ev.alliance = bound
    ORDER BY ev.notification_id;
END
$$;

CREATE FUNCTION sealed_v1(bound uuid, positions bigint[])
RETURNS TABLE (place bigint, slot smallint, key uuid, ciphertext bytea)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('enquiry.alliance', bound::text, true);
    RETURN QUERY
    SELECT s.position, s.slot, s.key, s.ciphertext
    FROM sealed s WHERE s.position = ANY (positions) AND s.alliance = bound;
END
$$;
