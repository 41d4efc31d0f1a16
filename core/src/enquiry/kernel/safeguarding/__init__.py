"""Safeguarding concerns: raised by anybody, from anywhere, read by one person at the school.

A concern has a place of its own: one stream for each school, beside every run and enquiry. Whoever
raised it, leads the run, the school or the alliance, or operates the platform, finds nothing there.

Source: 4.11.
"""
