"""The page that people read about who sees what says what the matrix says."""

from msgspec.structs import replace
from tests.visibility.matrix import matrix
from tests.visibility.page import PAGE, page


def test_the_page_is_written_out_of_the_matrix() -> None:
    written = "write it anew: python -m tests.visibility.page"
    assert PAGE.read_text("utf-8") == page(matrix()), written


def test_another_matrix_makes_another_page() -> None:
    told = matrix()
    assert page(replace(told, objects=told.objects[1:])) != page(told)
