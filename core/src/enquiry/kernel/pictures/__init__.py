"""Views as pictures: plain values in, SVG out. Readable on a small screen, on paper, in the dark.

Every picture is 320 px wide and as high as its content asks for. Nothing is told by colour alone:
what is drawn is labelled too, and fills differ by pattern. Its description says the same in words.
"""
