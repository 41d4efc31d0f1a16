"""What must hold in rounds: each rule with its code, the sentence people read, and its source.

By the step at which they are judged: ``who`` what may be seen, who may act, consent (3 to 5);
``order`` stages, windows, versions (6); ``filled_in`` what a form must say (7); ``preparing`` and
``debriefing`` IR-E01 to IR-E17 (8); ``booking``, what a visit binds.
"""
