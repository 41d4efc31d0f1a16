"""What must hold in a triad: each rule with its code, the sentence people read, and its source.

``members`` who the three are, ``turns`` how they meet, ``safeguards`` what protects them.
``method`` says in which order they are asked.
"""
