"""Evidence that members bring: whose view it is, how it was gathered, and by what right (2.12)."""
