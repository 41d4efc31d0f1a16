"""The offline verifier: reads a bundle as a stranger would. Standard library and Ed25519, no more.

It shares no code with what builds and signs the tree, so that one mistake is not made twice.
"""
