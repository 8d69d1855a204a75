"""What fuzzing has kept is read and run again: refused in words, or predictions of known classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.hostile.fuzz import KEPT, KEPT_BYTES, read_and_run

FILES = sorted(KEPT.glob("*.program"))


def test_the_corpus_is_there_and_small() -> None:
    assert len(FILES) >= 50
    assert sum(path.stat().st_size for path in FILES) <= KEPT_BYTES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_kept_file_is_refused_in_words_or_predicts(path: Path) -> None:
    assert read_and_run(path.read_bytes()).partition(":")[0] in {"refused", "row", "predicted"}
