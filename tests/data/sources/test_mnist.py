import urllib.error
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn import datasets

from tenfold.data.sources import KNOWN_SOURCES, load
from tenfold.data.sources.mnist import MNIST, cache_folder, load_image_set
from tenfold.errors import DataError


def openml(X, y):
    return lambda name, **options: SimpleNamespace(data=X.reshape(len(X), -1), target=y.astype(str).astype(object))


def offline(name, **options):
    raise urllib.error.URLError("no network")


def fashion():
    """70,000 plain images with the class balance of Fashion-MNIST."""
    labels = np.concatenate([np.tile(np.arange(10), 6_000), np.tile(np.arange(10), 1_000)])
    return np.broadcast_to(labels[:, None, None], (70_000, 28, 28)).astype(np.uint8), labels


def test_offline_says_what_was_tried_and_what_to_do(no_data, monkeypatch):
    monkeypatch.setattr(datasets, "fetch_openml", offline)
    with pytest.raises(DataError, match=r"TENFOLD_DATA.*cache.*openml\.org.*Do: give --data-dir"):
        load("mnist")
    assert not cache_folder().exists()


def test_an_explicit_folder_without_the_files_never_asks_the_network(no_data, monkeypatch):
    monkeypatch.setattr(datasets, "fetch_openml", pytest.fail)
    with pytest.raises(DataError, match="no files of mnist"):
        load("mnist", data_dir=no_data)


def test_a_download_that_is_not_mnist_is_never_kept(no_data, monkeypatch):
    monkeypatch.setattr(datasets, "fetch_openml", openml(*fashion()))
    with pytest.raises(DataError, match="checksum or class counts differ"):
        load("mnist")
    assert not list(no_data.rglob("*.npz"))
    assert not list(no_data.rglob(".part*"))


@pytest.mark.parametrize("data", [np.full((10, 784), 0.5), np.zeros((10, 5)), np.full((10, 784), 256.0)])
def test_a_download_of_other_content_is_refused(no_data, monkeypatch, data):
    monkeypatch.setattr(datasets, "fetch_openml", openml(data, np.zeros(10, int)))
    with pytest.raises(DataError, match="784 pixels"):
        load("mnist")


def test_a_download_is_kept_whole_and_used_again(no_data, monkeypatch, capsys):
    images, labels = fashion()
    monkeypatch.setattr(datasets, "fetch_openml", openml(images, labels))
    first = load("fashion_mnist")
    assert "downloading Fashion-MNIST" in capsys.readouterr().err
    monkeypatch.setattr(datasets, "fetch_openml", pytest.fail)
    again = load("fashion_mnist")
    assert (again.X == first.X).all()
    assert again.y.tolist() == first.y.tolist()
    assert again.official_test.sum() == 10_000
    assert "shape and class balance only" in again.notes[0]
    assert not list(no_data.rglob(".part*"))


def test_a_damaged_copy_in_the_cache_is_downloaded_again(no_data, monkeypatch):
    cache_folder().mkdir(parents=True)
    (cache_folder() / "fashion_mnist.npz").write_bytes(b"<html>not found</html>")
    monkeypatch.setattr(datasets, "fetch_openml", openml(*fashion()))
    assert len(load("fashion_mnist")) == 70_000


def test_the_real_mnist_passes_as_a_download(real_data, no_data, monkeypatch):
    real = load_image_set(MNIST, real_data)
    monkeypatch.setattr(datasets, "fetch_openml", openml(real.X, real.y))
    assert load("mnist").fingerprint == real.fingerprint
    monkeypatch.setattr(datasets, "fetch_openml", pytest.fail)
    assert load("mnist").fingerprint == real.fingerprint


@pytest.mark.parametrize("place", ["", "mnist"])
def test_the_environment_names_the_folder_or_the_one_above(real_data, no_data, monkeypatch, place):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data / place))
    assert len(load("mnist")) == 70_000


def test_mnist_files_are_not_taken_for_fashion(real_data, no_data, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data / "mnist"))
    monkeypatch.setattr(datasets, "fetch_openml", offline)
    with pytest.raises(DataError, match="fashion_mnist"):
        load("fashion_mnist")


def test_the_catalogue_says_what_is_here(no_data):
    present = {known.name: known.present() for known in KNOWN_SOURCES}
    assert present == {"digits": True, "mnist": False, "fashion_mnist": False}
