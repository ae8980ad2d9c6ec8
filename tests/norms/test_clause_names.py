"""Clauses are named as the regulations name them."""

from __future__ import annotations

import pytest

from khien.norms.library import load_library
from khien.norms.wording import clause_name


@pytest.mark.parametrize(
    ("path", "vi", "en"),
    [
        ("D19.k1.đ", "điểm đ khoản 1 Điều 19", "point đ, clause 1, Article 19"),
        ("QD.D2", "Điều 2 của Quyết định", "Article 2 of the Decision"),
        ("C.III#2", "Chương III", "Chapter III"),
        ("D10.k3.đ.b4", "bước 4 điểm đ khoản 3 Điều 10", "step 4, point đ, clause 3, Article 10"),
        ("D1.k2.g1", "gạch đầu dòng thứ 1 khoản 2 Điều 1", "dash 1, clause 2, Article 1"),
        ("II.2.p3", "đoạn 3 mục II.2", "paragraph 3, section II.2"),
        ("g5", "gạch đầu dòng thứ 5", "dash 5"),
    ],
)
def test_a_path_becomes_the_words_of_a_citation(path: str, vi: str, en: str) -> None:
    assert clause_name(path).vi == vi
    assert clause_name(path).en == en


def test_every_clause_of_the_library_has_a_name_without_its_path() -> None:
    for document in load_library().documents.values():
        for path in document.clauses:
            words = clause_name(path).vi.split()
            assert words[0] in {
                "điểm", "khoản", "Điều", "Chương", "bước", "gạch", "đoạn", "mục", "I", "II", "III",
                "điều",  # of unknown number
            }, path  # fmt: skip
