"""How fast it is: each file here measures one thing, and has ``main(argv) -> dict``."""
