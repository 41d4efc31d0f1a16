-- Ciphertexts beside the events at the positions $2, as far as they are of the alliance $1.
SELECT place, slot, key, ciphertext FROM sealed_v1($1, $2)
