"""What a move brings about beyond its form: ``preparing`` until the visits end, ``debriefing`` from
then on, ``binding`` people and rooms for visits; ``objects``, what decisions are about.
"""
