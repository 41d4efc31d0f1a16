"""What can go wrong with the engines, said to the person who starts them."""


class EngineError(Exception):
    """An engine cannot be started or kept running; the message says what to do about it."""
