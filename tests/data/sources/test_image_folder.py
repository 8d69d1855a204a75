import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tenfold.data.sources import load
from tenfold.data.sources.images.image_file import image_size, read_image
from tenfold.data.sources.images.image_folder import load_image_file
from tenfold.errors import DataError, LimitError, UsageError


def image(path, value=0, size=(4, 6), mode="L"):
    """Save an image of height x width pixels of one value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (size[1], size[0]), value).save(path)
    return path


def folder_of(tmp_path):
    root = tmp_path / "set"
    image(root / "b" / "2.png", 20)
    image(root / "b" / "10.bmp", 10)
    image(root / "a" / "1.webp", 0)
    return root


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width, height):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def refused(path, error, *words, **options):
    with pytest.raises(error) as caught:
        load(str(path), **options)
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value)) <= 400


def test_the_folder_is_the_label_and_the_order_is_class_then_name(tmp_path):
    root = folder_of(tmp_path)
    (root / ".DS_Store").write_bytes(b"x")
    (root / "a" / ".hidden.png").write_bytes(b"x")
    data = load(str(root))
    assert data.X.shape == (3, 4, 6)
    assert data.X[:, 0, 0].tolist() == [0, 10, 20]
    assert data.y.tolist() == ["a", "b", "b"]
    assert data.notes == ()


def test_colour_keeps_three_channels(tmp_path):
    image(tmp_path / "set" / "red" / "1.png", (255, 0, 0), mode="RGB")
    data = load(str(tmp_path / "set"), colour=True)
    assert data.image_shape == (4, 6, 3)
    assert data.X[0, 0, 0].tolist() == [255, 0, 0]


def test_the_content_decides_not_the_suffix(tmp_path):
    image(tmp_path / "set" / "a" / "1.png").rename(tmp_path / "set" / "a" / "1.jpg")
    assert len(load(str(tmp_path / "set"))) == 1


def test_other_modes_become_grey(tmp_path):
    root = tmp_path / "set"
    image(root / "a" / "1bit.png", 1, mode="1")
    image(root / "a" / "2clear.png", (0, 0, 0, 0), mode="RGBA")
    image(root / "a" / "3cmyk.jpg", (0, 0, 0, 0), mode="CMYK")
    Image.fromarray(np.full((4, 6), 257 * 200, np.uint16)).save(root / "a" / "4deep.png")
    assert load(str(root)).X[:, 0, 0].tolist() == [255, 255, 255, 200]


def test_a_turned_photograph_is_set_upright(tmp_path):
    (tmp_path / "set" / "a").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (8, 4)).save(tmp_path / "set" / "a" / "1.jpg", exif=exif)
    assert load(str(tmp_path / "set")).image_shape == (8, 4)


def test_sizes_that_differ_are_listed_and_resize_helps(tmp_path):
    root = folder_of(tmp_path)
    image(root / "c" / "x.png", size=(5, 5))
    refused(root, DataError, "4x6 (3)", "5x5 (1)", "--resize 4x6")
    assert load(str(root), resize=(2, 3)).X.shape == (4, 2, 3)


def test_an_unreadable_image_is_named_or_skipped_by_name(tmp_path):
    root = folder_of(tmp_path)
    (root / "b" / "bad.png").write_bytes(b"not an image")
    refused(root, DataError, "bad.png", "--skip-bad")
    data = load(str(root), skip_bad=True)
    assert len(data) == 3
    assert len(data.y) == 3
    assert "1 unreadable" in data.notes[0]
    assert "bad.png" in data.notes[0]


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff", "webp"])
def test_an_image_cut_anywhere_is_refused_or_whole(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 255, (16, 16), np.uint8)
    path = tmp_path / "set" / "a" / f"1.{suffix}"
    path.parent.mkdir(parents=True)
    Image.fromarray(noise).save(path)
    with Image.open(path) as decoded:
        pixels = decoded.convert("L")
    whole = path.read_bytes()
    refusals = 0
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        try:
            data = load(str(path.parent.parent))
        except DataError:
            refusals += 1
        else:
            assert (data.X[0] == np.asarray(pixels)).all()
    assert refusals > end / 10


@pytest.mark.parametrize("size", [(50_000, 50_000), (130_000, 130_000), (13_000, 13_000)])
def test_a_claim_of_many_pixels_is_refused_before_decoding(tmp_path, size):
    path = tmp_path / "set" / "a" / "1.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(png_claiming(*size))
    refused(tmp_path / "set", LimitError, "1.png", "limit")
    refused(path, LimitError, "1.png", labelled=False)


def test_animations_and_pages_are_refused(tmp_path):
    path = tmp_path / "set" / "a" / "1.tiff"
    path.parent.mkdir(parents=True)
    Image.new("L", (4, 4)).save(path, save_all=True, append_images=[Image.new("L", (4, 4))])
    refused(tmp_path / "set", DataError, "several frames")


def test_formats_off_the_list_are_refused(tmp_path):
    image(tmp_path / "set" / "a" / "1.gif")
    refused(tmp_path / "set", DataError, "1.gif", "not PNG")


def test_empty_and_wrong_folders(tmp_path):
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", DataError, "is empty", "a folder into it for each class")
    root = folder_of(tmp_path)
    (root / "c").mkdir()
    refused(root, DataError, "class is empty")
    (root / "c" / "deeper").mkdir()
    refused(root, DataError, "holds a folder, 'deeper'")


def test_a_flat_folder_is_for_prediction_only(tmp_path):
    image(tmp_path / "flat" / "1.png")
    refused(tmp_path / "flat", DataError, "a folder in it for each class")
    data = load(str(tmp_path / "flat"), labelled=False)
    assert data.y is None
    assert len(data) == 1


def test_one_image_for_prediction(tmp_path):
    path = image(tmp_path / "1.png", 7)
    assert load(str(path), labelled=False).X.shape == (1, 4, 6)
    refused(path, DataError, "one image has no label")


def test_a_folder_of_mail_is_not_taken_for_images(tmp_path):
    for name in ("ham", "spam"):
        (tmp_path / "mail" / name).mkdir(parents=True)
        (tmp_path / "mail" / name / "0001").write_text("Return-Path: <a@b>\nFrom: a@b\n\nhello\n")
    assert load(str(tmp_path / "mail")).kind == "mail"


@pytest.mark.parametrize("resize", [(0, 5), (5, -1), (100_000, 1)])
def test_a_size_of_no_pixels_is_refused(tmp_path, resize):
    refused(folder_of(tmp_path), UsageError, "--resize", resize=resize)


def test_colour_that_is_thrown_away_is_told_with_the_first_image(tmp_path):
    root = tmp_path / "set"
    image(root / "a" / "1.png", 20)
    image(root / "a" / "2.png", (90, 90, 90), mode="RGB")
    image(root / "b" / "1.png", (200, 20, 20), mode="RGB")
    image(root / "b" / "2.jpg", (20, 200, 20), mode="RGB")
    (note,) = load(str(root)).notes
    assert note == "2 of 4 images are in colour and were read as grey (first: b/1.png); --colour keeps the colour"
    assert load(str(root), colour=True).notes == ()


def test_the_traces_that_jpeg_leaves_in_grey_are_no_colour(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8)
    path = tmp_path / "set" / "a" / "1.jpg"
    path.parent.mkdir(parents=True)
    Image.fromarray(pixels).convert("RGB").save(path, quality=40)
    assert load(str(tmp_path / "set")).notes == ()


def header_claiming(kind, width, height):
    """A file whose header alone says how large the image is."""
    small = io.BytesIO()
    Image.new("L", (257, 258)).save(small, kind)
    content, where = bytearray(small.getvalue()), {"PNG": ">II", "BMP": "<ii", "JPEG": ">HH", "TIFF": None}[kind]
    if kind == "PNG":
        return png_claiming(width, height)
    if where is not None:
        old, new = ((258, 257), (height, width)) if kind == "JPEG" else ((257, 258), (width, height))
        return bytes(content).replace(struct.pack(where, *old), struct.pack(where, *new), 1)
    for tag, value in ((256, width), (257, height)):
        at = next(at for at in range(8, len(content)) if content[at : at + 4] == struct.pack("<HH", tag, 4))
        content[at + 8 : at + 12] = struct.pack("<I", value)
    return bytes(content)


@pytest.mark.parametrize("size", [(5_001, 5_000), (9_500, 9_500), (13_000, 13_000), (60_000, 60_000)])
@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG"])
def test_every_image_over_the_limit_is_refused_with_its_size_and_our_limit(tmp_path, kind, size):
    path = tmp_path / "set" / "class" / f"a.{kind.lower()}"
    path.parent.mkdir(parents=True)
    path.write_bytes(header_claiming(kind, *size))
    wanted = f"{size[0]:,} x {size[1]:,} pixels, over the limit of 25 million"
    for read in (read_image, image_size, load_image_file):
        with pytest.raises(LimitError, match=wanted):
            read(path)
    for folder in (tmp_path / "set", path.parent):
        with pytest.raises(LimitError, match=wanted):
            load(str(folder), labelled=folder != path.parent)
