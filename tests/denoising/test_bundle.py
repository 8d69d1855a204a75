"""The model of a denoising run: it comes back the same, runs no code, and is refused when anything was changed."""

import json
import pickle
import zipfile

import numpy as np
import pytest

from tenfold.denoising.bundle import SavedDenoiser, _signed, is_denoiser, load_denoiser, save_denoiser
from tenfold.denoising.catalogue import CATALOGUE, entry_of
from tenfold.errors import ModelError
from tenfold.record.bundle import load as load_classifier
from tenfold.tasks.images.noise import parse_noise
from tests.line.restoration.conftest import shapes

CLEAN = shapes().X
NOISY = parse_noise("gaussian:25").on(CLEAN, 255, [0])


def _saved(folder, name="knn"):
    saved = SavedDenoiser(name, entry_of(name).fit(NOISY, CLEAN), (6, 6), 255, "gaussian:25", {"data": "bars"})
    save_denoiser(saved, folder, NOISY)
    return saved


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_denoiser_comes_back_the_same(tmp_path, name):
    saved = _saved(tmp_path, name)
    found = load_denoiser(tmp_path)
    np.testing.assert_array_equal(found.restore(NOISY), saved.restore(NOISY))
    assert (found.candidate, found.shape, found.peak, found.noise) == (name, (6, 6), 255, "gaussian:25")


def test_a_second_save_replaces_the_first(tmp_path):
    _saved(tmp_path, "knn")
    _saved(tmp_path, "ridge")
    assert load_denoiser(tmp_path).candidate == "ridge"
    assert len(list(tmp_path.glob("arrays-*"))) == 1


def _rewrite(folder, **changed):
    """Change the manifest and sign it again, as an attacker would."""
    plain = json.loads((folder / "manifest.json").read_text())
    plain.pop("sha256")
    (folder / "manifest.json").write_bytes(_signed({**plain, **changed}))


def _rewrite_arrays(folder, change):
    """Change the arrays and sign everything again."""
    import hashlib
    import io

    old = next(folder.glob("arrays-*.npz"))
    with np.load(old) as kept:
        arrays = {name: kept[name] for name in kept}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, values in change(arrays).items():
            file = io.BytesIO()
            np.lib.format.write_array(file, values, version=(1, 0))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), file.getvalue())
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    old.unlink()
    name = f"arrays-{digest[:16]}.npz"
    (folder / name).write_bytes(packed.getvalue())
    _rewrite(folder, member={"file": name, "bytes": len(packed.getvalue()), "sha256": digest})


def test_a_changed_byte_is_refused(tmp_path):
    _saved(tmp_path)
    path = next(tmp_path.glob("arrays-*.npz"))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="was changed"):
        load_denoiser(tmp_path)


def test_a_changed_manifest_is_refused(tmp_path):
    _saved(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"peak": 255', '"peak": 254'))
    with pytest.raises(ModelError, match="manifest was changed"):
        load_denoiser(tmp_path)


def test_a_denoiser_that_restores_otherwise_is_refused(tmp_path):
    _saved(tmp_path)
    _rewrite_arrays(tmp_path, lambda arrays: {**arrays, "clean": 255 - arrays["clean"]})
    with pytest.raises(ModelError, match="restores a golden image otherwise than it did"):
        load_denoiser(tmp_path)


def test_objects_are_refused_before_they_are_read(tmp_path):
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("code was run",))

    _saved(tmp_path)
    evil = np.array([Evil()], object)
    _rewrite_arrays(tmp_path, lambda arrays: {**arrays, "clean": evil})
    assert pickle.dumps(evil)
    with pytest.raises(ModelError, match="holds objects"):
        load_denoiser(tmp_path)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"version": 2}, "format version 2"),
        ({"candidate": "deep"}, "does not know"),
        ({"peak": 0}, "its white is no grey level"),
        ({"shape": [5, 6]}, "golden images do not fit"),
        ({"member": {"file": "../../etc/passwd", "bytes": 1, "sha256": "0" * 64}}, "odd name"),
        ({"extra": 1}, "entries are not those"),
    ],
)
def test_a_manifest_that_lies_is_refused(tmp_path, changed, told):
    _saved(tmp_path)
    _rewrite(tmp_path, **changed)
    with pytest.raises(ModelError, match=told):
        load_denoiser(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    _saved(tmp_path)
    next(tmp_path.glob("arrays-*.npz")).unlink()
    with pytest.raises(ModelError, match=r"arrays-.* is missing"):
        load_denoiser(tmp_path)


def test_classifiers_and_denoisers_are_told_apart(tmp_path):
    _saved(tmp_path)
    assert is_denoiser(tmp_path)
    with pytest.raises(ModelError, match="this model is a denoiser"):
        load_classifier(tmp_path)
    with pytest.raises(ModelError, match="there is no denoiser here"):
        load_denoiser(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("knn", lambda arrays: {**arrays, "clean": arrays["clean"][:1]}),
        ("knn", lambda arrays: {**arrays, "clean": arrays["clean"][:, :1], "added": arrays["added"][:1]}),
        ("knn", lambda arrays: {**arrays, "added": arrays["added"][:-1]}),
        ("knn", lambda arrays: {**arrays, "more": arrays["added"]}),
        ("ridge", lambda arrays: {**arrays, "offset": arrays["offset"][:1]}),
        ("ridge", lambda arrays: {**arrays, "weights": arrays["weights"] * np.nan}),
        ("median", lambda arrays: {**arrays, "brighter": np.array([np.inf])}),
        ("median", lambda arrays: {**arrays, "brighter": np.array([1.0, 2.0])}),
        ("baseline", lambda arrays: {**arrays, "brighter": np.array([1.0])}),
        ("median", lambda arrays: {**arrays, **{n: np.repeat(arrays[n], 99, 0) for n in arrays if "golden" in n}}),
    ],
    ids=range(10),
)
def test_arrays_that_do_not_fit_together_are_refused(tmp_path, name, change):
    _saved(tmp_path, name)
    _rewrite_arrays(tmp_path, change)
    with pytest.raises(ModelError):
        load_denoiser(tmp_path)
