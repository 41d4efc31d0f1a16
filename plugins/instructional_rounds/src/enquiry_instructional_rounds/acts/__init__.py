"""What a move of rounds brings about beyond its form.

``preparing`` until the visits end, ``debriefing`` from then on; ``objects``, what decisions are
about.
"""
