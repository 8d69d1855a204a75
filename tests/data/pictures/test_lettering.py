"""Words of any script on sheets."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tenfold.data.pictures import lettering
from tenfold.data.pictures.lettering import write


def written(words: str) -> np.ndarray:
    picture = Image.new("L", (400, 40), 255)
    write(ImageDraw.Draw(picture), (4, 4), words, size=24, fill="black", anchor="lt")
    return np.asarray(picture)


@pytest.mark.parametrize("words", ["plain", "<script>", "Zürich", "مرحبا", "🙂", "漢字", "$\\frac{1}{0}$"])
def test_words_of_any_script_leave_ink(words):
    assert (written(words) < 128).sum() > 20


def test_different_letters_are_never_drawn_as_the_same_box():
    assert not np.array_equal(written("\U0001f642"), written("\U0001f643"))
    assert not np.array_equal(written("Ж"), written("Щ"))


def test_without_a_typeface_of_the_system_letters_are_written_as_their_codes(monkeypatch):
    monkeypatch.setattr(lettering, "_SYSTEM", ())
    lettering._typefaces.cache_clear()
    coded = written("Ж")
    lettering._typefaces.cache_clear()
    assert np.array_equal(coded, written("\\u0416"))
