"""Notes of correction: the record stays, and its author says beside it what is wrong."""
