"""The record of processing says what the code keeps."""

from tests.house.processing import PAGE, methods, page, personal

from enquiry.method.lint_retention import sealed_kinds


def test_the_record_of_processing_is_written_out_of_the_fields() -> None:
    written = "write it anew: python -m tests.house.processing"
    assert PAGE.read_text("utf-8") == page(), written


def test_every_kind_of_key_stands_in_it() -> None:
    for method in methods():
        listed = {row.kind for kind, fact in method.facts.items() for row in personal(kind, fact)}
        remarks = sealed_kinds(method) - listed
        assert remarks <= {"contribution"}, method.id  # notes on warnings are core's own
