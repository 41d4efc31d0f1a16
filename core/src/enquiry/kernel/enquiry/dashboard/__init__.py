"""The dashboard: where the enquiry stands, and what is missing before it goes on (2.20)."""
