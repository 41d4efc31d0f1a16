"""How agreement works: proposals in versions, responses, decision rules (2.3)."""
