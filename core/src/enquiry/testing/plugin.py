"""The pytest plug-in: a marker, and options for longer or other walks. Nothing else."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let walks be longer or others than usual."""
    group = parser.getgroup("enquiry", "conformance of Enquiry's methods")
    group.addoption(
        "--enquiry-walks",
        type=int,
        default=None,
        metavar="N",
        help="walk each method N times (a nightly run may afford hundreds)",
    )
    group.addoption(
        "--enquiry-seed",
        default=None,
        metavar="WORD",
        help="take other walks than those of every day; a failure names nothing but its seed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "conformance: a check of the conformance kit on one method")
