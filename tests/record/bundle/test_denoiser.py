"""The model of a denoising run: it comes back the same, runs no code, and is refused when anything was changed."""

import hashlib
import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from tenfold.errors import ModelError
from tenfold.models.denoising import KNeighborsDenoiser, RidgeDenoiser
from tenfold.record.bundle import load as load_classifier
from tenfold.record.bundle import store
from tenfold.record.bundle.denoiser_files import (
    FORMAT,
    SavedDenoiser,
    load_denoiser,
    save_denoiser,
    verify_denoiser,
)
from tenfold.record.bundle.manifest import is_denoiser, read_manifest, sign
from tenfold.record.bundle.probe import is_known
from tenfold.record.bundle.store import load_checked
from tenfold.tasks.images.catalogue import CATALOGUE, entry_of
from tenfold.tasks.images.noise import parse_noise
from tests.line.restoration.conftest import shapes

CLEAN = shapes().X
NOISY = parse_noise("gaussian:25").on(CLEAN, 255, [0])


def _saved(folder, name="knn"):
    model = entry_of(name).estimator().fit(NOISY, CLEAN)
    saved = SavedDenoiser(name, model, (6, 6), 255, "gaussian:25", {"data": "bars"})
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
    (folder / "manifest.json").write_bytes(sign({**plain, **changed}))


def _rewrite_arrays(folder, change):
    """Change the arrays and sign everything again."""
    old = next(folder.glob("arrays-*.npz"))
    with np.load(old) as stored:
        arrays = {name: stored[name] for name in stored}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, values in change(arrays).items():
            file = io.BytesIO()
            np.lib.format.write_array(file, values, version=(1, 0))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), file.getvalue())
    old.unlink()
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    name = f"arrays-{digest[:16]}.npz"
    (folder / name).write_bytes(packed.getvalue())
    _rewrite(folder, member={"file": name, "bytes": len(packed.getvalue()), "sha256": digest})


def test_a_pipeline_of_a_denoiser_alone_is_saved_as_the_denoiser(tmp_path):
    model = Pipeline([("model", entry_of("ridge").estimator())]).fit(NOISY, CLEAN)
    saved = SavedDenoiser("ridge", model, (6, 6), 255, "gaussian:25")
    save_denoiser(saved, tmp_path, NOISY)
    np.testing.assert_array_equal(load_denoiser(tmp_path).restore(NOISY), saved.restore(NOISY))


@pytest.mark.parametrize(
    "model", [RidgeDenoiser(2.0), KNeighborsDenoiser(), Pipeline([("a", "passthrough"), ("b", RidgeDenoiser())])]
)
def test_a_denoiser_that_is_not_the_one_of_its_name_is_not_saved(tmp_path, model):
    saved = SavedDenoiser("ridge", model.fit(NOISY, CLEAN), (6, 6), 255, "gaussian:25")
    with pytest.raises(ModelError):
        save_denoiser(saved, tmp_path / "model", NOISY)
    assert not (tmp_path / "model").exists()


def test_a_denoiser_from_elsewhere_is_probed_in_a_child_once(tmp_path, monkeypatch):
    _saved(tmp_path)
    assert is_known(read_manifest(tmp_path, FORMAT))
    for name in ("HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    probes, probe = [], store.probe
    monkeypatch.setattr(store, "probe", lambda *arguments: probes.append(arguments) or probe(*arguments))
    for _ in range(2):
        load_denoiser(tmp_path)
    assert [path for path, *_ in probes] == [tmp_path]
    assert is_known(read_manifest(tmp_path, FORMAT))


def test_what_is_verified_is_said(tmp_path):
    saved = _saved(tmp_path)
    verification = verify_denoiser(tmp_path)
    assert verification.bit_equal
    assert verification.checked[2:4] == ("types: all 1 on Tenfold's list", "arrays: 2, headers and indices")
    np.testing.assert_array_equal(verification.model.restore(NOISY), saved.restore(NOISY))


def test_a_grey_level_of_rounding_is_no_other_model(tmp_path):
    _saved(tmp_path)
    _rewrite_arrays(tmp_path, lambda arrays: {**arrays, "golden_restored": arrays["golden_restored"] ^ 1})
    assert not load_checked(tmp_path, FORMAT).bit_equal
    _rewrite_arrays(tmp_path, lambda arrays: {**arrays, "golden_restored": arrays["golden_restored"] ^ 2})
    with pytest.raises(ModelError, match=r"by \d grey levels"):
        load_denoiser(tmp_path)


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
    with pytest.raises(ModelError, match="was changed after it was written"):
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
