-- Say which event is folded, until the end of the transaction.
SELECT set_config('enquiry.folding', $1, true)
