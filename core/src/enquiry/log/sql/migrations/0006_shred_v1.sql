-- Destroy data keys, and delete what was sealed under them; say how many ciphertexts went.
-- In order with the appends: none can put a ciphertext under a key that is being destroyed.
CREATE FUNCTION shred_v1(doomed uuid[]) RETURNS bigint LANGUAGE plpgsql VOLATILE
SET search_path FROM CURRENT
AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM lock_v1();
    UPDATE subject_keys SET state = 'destroyed', wrapped = ''
    WHERE id = ANY (doomed) AND state = 'living';
    DELETE FROM sealed WHERE key = ANY (doomed);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
