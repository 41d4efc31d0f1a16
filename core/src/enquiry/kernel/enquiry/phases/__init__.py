"""The course of an enquiry: phases, gates, cycles (2.1, 2.16, 2.17)."""
