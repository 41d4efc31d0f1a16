"""The overarching enquiry: three phases, gates, and what the group learned."""
