"""Sheets of images."""

import numpy as np

from tenfold.data.pictures.sheet import Block, draw_sheet
from tenfold.data.pictures.tone import Tone


def digits(n):
    X = np.zeros((n, 8, 8), np.uint8)
    X[:, 2:6, 3:5] = 16
    return X


def test_blocks_stand_beside_and_below_each_other():
    X = digits(30)
    one = draw_sheet([Block("a", "", X)], Tone.of(X), across=1, per_row=5, rows=5)
    four = draw_sheet([Block("a", "", X)] * 4, Tone.of(X), across=2, per_row=5, rows=5)
    assert four.width > 1.9 * one.width
    assert four.height > 1.9 * one.height


def test_an_empty_block_is_said_rather_than_left_white():
    X = digits(1)
    empty = draw_sheet([Block("a", "0 images", X[:0], empty="No image.")], Tone.of(X), across=1, per_row=5, rows=1)
    none = draw_sheet([Block("a", "0 images", X[:0], empty="")], Tone.of(X), across=1, per_row=5, rows=1)
    assert np.asarray(empty).sum() < np.asarray(none).sum()


def test_images_of_one_pixel_wide_ones_and_colour_are_drawn():
    for X in (np.zeros((2, 1, 1), np.uint8), np.zeros((2, 4, 40), np.uint8), np.zeros((2, 9, 7, 3), np.uint8)):
        assert draw_sheet([Block("a", "", X)], Tone.of(X), across=1, per_row=2, rows=1).mode == "RGB"


def test_ink_is_dark_on_white_whatever_the_paper_of_the_data():
    for X in (digits(5), 255 - 15 * digits(5)):
        assert Tone.of(X).grey(X[0])[0, 0] > Tone.of(X).grey(X[0])[3, 3]
