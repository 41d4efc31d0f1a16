"""What a plug-in may contribute. Hooks are asked once, at start-up; each contributes values.

A plug-in for a method is a module that an entry point of the group ``enquiry.v1`` names::

    from enquiry import hookimpl
    from enquiry_peer_triads.method import METHOD

    @hookimpl
    def enquiry_methods():
        return [METHOD]
"""

from collections.abc import Iterable

import pluggy

from enquiry.method.method import Method

PROJECT = "enquiry"
GROUP = "enquiry.v1"
"""Entry-point group; the version of the contract is in its name."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def enquiry_methods() -> Iterable[Method]:  # pyright: ignore[reportReturnType]
    """Every method that the plug-in brings, in every version that is still in use."""
