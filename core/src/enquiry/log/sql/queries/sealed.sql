-- Ciphertexts that still lie beside the events at the positions $1.
SELECT position, slot, key, ciphertext FROM sealed WHERE position = ANY ($1::bigint[])
