"""The data block: exact, harmless and small."""

from __future__ import annotations

import base64
import io
import json
import zlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import samples
from PIL import Image
from run_folders import write_run_folder
from sklearn.datasets import load_digits

from tenfold.data.dataset import Dataset
from tenfold.show import write_report
from tenfold.show.content import read_content
from tenfold.show.live.block import live_block, predictions_by_class


def unpacked(found: dict) -> np.ndarray:
    size = int(found["type"][1])
    planes = np.frombuffer(zlib.decompress(base64.b64decode(found["data"])), np.uint8).reshape(size, -1)
    return np.ascontiguousarray(planes.T).view(f"<{found['type']}").reshape(found["shape"])


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    made = samples.digits()
    folder = write_run_folder(tmp_path_factory.mktemp("block") / "digits", made)
    X = load_digits().images.astype(np.uint8)[: len(made.y)]
    return read_content(folder, Dataset("digits", "image", X, made.y.astype(str).astype(object), source="digits"))


def test_scores_and_answers_come_out_bit_by_bit(content):
    data = predictions_by_class(content)
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    assert np.array_equal(unpacked(data["scores"]).T, lines.filter(like="score:").to_numpy())
    assert [content.classes[code] for code in unpacked(data["predicted"])] == lines["predicted"].tolist()
    assert unpacked(data["fold"]).tolist() == lines["fold"].tolist()
    assert unpacked(data["row"]).tolist() == lines["row"].tolist()


def test_sprites_hold_the_instances_in_their_order(content):
    data = predictions_by_class(content)
    kept = unpacked(data["instances"]["kept"])
    y = unpacked(data["true"])
    eights = kept[y[kept] == 8]
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["instances"]["sprites"]["8"]))))
    for place in (0, 33, len(eights) - 1):
        top, left = 8 * (place // 32), 8 * (place % 32)
        wanted = content.instances.X[eights[place]] * (255 / 16)
        assert np.abs(sheet[top : top + 8, left : left + 8] - wanted).max() <= 1


def test_nothing_in_the_block_can_end_its_element(tmp_path):
    made = samples.invented(3)
    folder = write_run_folder(tmp_path / "odd", made)
    X = pd.DataFrame({"</script><script>alert(1)</script>": ["<!--", "]]>", "&lt;", "x"] * (len(made.y) // 4)})
    content = read_content(folder, Dataset("odd", "table", X, made.y.astype(str), source="odd"))
    block = str(live_block(predictions_by_class(content)))
    assert not set("<>&") & set(block)
    assert "</script><script>alert(1)" in json.loads(block)["instances"]["columns"][0]


def test_a_candidate_without_scores_has_none_in_the_block(tmp_path):
    folder = write_run_folder(tmp_path / "mute", samples.invented(2, ("ham", "spam"), with_scores=False))
    assert predictions_by_class(read_content(folder))["scores"] is None


def test_a_page_of_digits_stays_under_three_megabytes(content, tmp_path):
    folder = write_run_folder(tmp_path / "digits", samples.digits())
    assert write_report(folder, content.instances).stat().st_size < 3_000_000


def test_a_page_of_sixty_thousand_images_stays_under_twelve_megabytes(tmp_path):
    """Noise, which deflates worse than any image, and scores in full precision."""
    rng = np.random.default_rng(0)
    made = samples.digits(chosen="forest")
    n, k = 60_000, 10
    y, predicted = rng.integers(0, k, n), rng.integers(0, k, n)
    scores = rng.normal(size=(n, k))
    forest = replace(made.answers["forest"], predicted=predicted, scores=scores, probabilities=False)
    big = replace(made, y=y, answers={"forest": forest}, fold=np.arange(n) % 3, resamples=5)
    folder = write_run_folder(tmp_path / "big", big)
    X = rng.integers(0, 255, (n, 28, 28)).astype(np.uint8)
    assert (
        write_report(folder, Dataset("big", "image", X, y.astype(str).astype(object), source="big")).stat().st_size
        < 12_000_000
    )
