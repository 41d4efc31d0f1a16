"""What must hold on a walk: each rule with its code, the sentence people read, and its source.

``planning`` before the walk, ``visiting`` on the way, ``pooling`` after it, in each the rules of
one matter together; ``booking``, what a visit binds. ``method`` says in which order they are asked.
"""
