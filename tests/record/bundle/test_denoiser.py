"""The model of a denoising run: it comes back the same, runs no code, and is refused when anything was changed."""

import hashlib
import json
import pickle

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import RadiusNeighborsRegressor

from tenfold.errors import DataError, ModelError, UsageError
from tenfold.models.denoising import MedianDenoiser, RidgeDenoiser
from tenfold.program.array_members import pack_members
from tenfold.program.builder import NotLoweredError
from tenfold.program.files import pack_program
from tenfold.program.lowering import lower_classes, lower_images
from tenfold.program.values import Images, Matrix
from tenfold.record.bundle import load as load_classifier
from tenfold.record.bundle.conversion import convert
from tenfold.record.bundle.denoiser import SavedDenoiser, lower_denoiser
from tenfold.record.bundle.denoiser_files import load_denoiser, save_denoiser, verify_denoiser
from tenfold.record.bundle.manifest import is_denoiser, sign
from tenfold.tasks.images.candidates import Restorer
from tenfold.tasks.images.catalogue import CATALOGUE, entry_of
from tenfold.tasks.images.noise import parse_noise
from tests.line.restoration.conftest import shapes
from tests.record.bundle.former import packed, save_formerly

CLEAN = shapes().X
NOISY = parse_noise("gaussian:25").on(CLEAN, 255, [0])


def _lowered(name, fitted=None):
    fitted = entry_of(name).estimator().fit(NOISY, CLEAN) if fitted is None else fitted
    return lower_denoiser(name, fitted, NOISY, peak=255, noise="gaussian:25", provenance={"data": "bars"})


def _saved(folder, name="knn"):
    saved = _lowered(name)
    save_denoiser(saved, folder, NOISY)
    return saved


def _former(folder, name="knn"):
    saved, fitted = _lowered(name), entry_of(name).estimator().fit(NOISY, CLEAN)
    save_formerly(folder, name, fitted, NOISY[:8], saved.restore(NOISY[:8]))
    return saved


@pytest.mark.parametrize("save", [_saved, _former])
@pytest.mark.parametrize("name", CATALOGUE)
def test_a_denoiser_comes_back_the_same(tmp_path, name, save):
    saved = save(tmp_path, name)
    loaded = load_denoiser(tmp_path)
    np.testing.assert_array_equal(loaded.restore(NOISY), saved.restore(NOISY))
    assert (loaded.candidate, loaded.shape, loaded.peak, loaded.noise) == (name, (6, 6), 255, "gaussian:25")
    assert verify_denoiser(tmp_path).bit_equal


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_restores_as_the_candidate_that_was_judged(name):
    candidate = Restorer(name, 255).fit(NOISY, CLEAN)
    expected = np.clip(candidate.predict(NOISY), 0, 255)
    np.testing.assert_array_equal(_lowered(name, candidate.model_).restore(NOISY), expected)


def test_a_second_save_replaces_the_first(tmp_path):
    _former(tmp_path, "knn")
    _saved(tmp_path, "ridge")
    assert load_denoiser(tmp_path).candidate == "ridge"
    assert sorted(file.name[:7] for file in tmp_path.iterdir()) == ["arrays-", "golden-", "manifes"]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_denoiser_of_before_becomes_a_program(tmp_path, in_place):
    saved, old = _former(tmp_path / "old", "median"), tmp_path / "old"
    created = json.loads((old / "manifest.json").read_text())["created"]
    out = old if in_place else tmp_path / "new"
    conversion = convert(old, out)
    assert conversion.operations == ("flatten", "median_filter", "standardise")
    assert conversion.rows == 8
    np.testing.assert_array_equal(load_denoiser(out).restore(NOISY), saved.restore(NOISY))
    assert json.loads((out / "manifest.json").read_text())["created"] == created
    assert [file.suffix for file in out.glob("arrays-*")] == [".program"]
    with pytest.raises(UsageError, match="is a program of arrays already"):
        convert(out, tmp_path / "newer")


def _rewrite(folder, **changed):
    """Change the manifest and sign it again, as an attacker would."""
    plain = json.loads((folder / "manifest.json").read_text())
    plain.pop("sha256")
    (folder / "manifest.json").write_bytes(sign({**plain, **changed}))


def _forge(folder, role, content):
    """Put another file in place of a member and sign everything again."""
    plain = json.loads((folder / "manifest.json").read_text())
    old = plain["members"][role] if "members" in plain else plain["member"]
    (folder / old["file"]).unlink()
    digest = hashlib.sha256(content).hexdigest()
    name = f"{role}-{digest[:16]}.{old['file'].rpartition('.')[2]}"
    (folder / name).write_bytes(content)
    member = {"file": name, "bytes": len(content), "sha256": digest}
    if "members" in plain:
        _rewrite(folder, members={**plain["members"], role: member})
    else:
        _rewrite(folder, member=member)


def _forge_arrays(folder, change):
    """Change the arrays of a denoiser of before."""
    with np.load(next(folder.glob("arrays-*.npz"))) as stored:
        arrays = {name: stored[name] for name in stored}
    _forge(folder, "arrays", packed(change(arrays)))


def test_an_estimator_without_a_program_is_not_saved():
    with pytest.raises(NotLoweredError, match="no program of arrays yet"):
        lower_denoiser("ridge", RadiusNeighborsRegressor().fit([[0.0]], [0.0]), NOISY, peak=255, noise="gaussian:25")


def test_a_program_that_restores_otherwise_is_not_saved():
    class Other(RidgeDenoiser):
        pass

    model = RidgeDenoiser().fit(NOISY, CLEAN)
    model.predict = lambda X: Other.predict(model, X) + 1.0
    with pytest.raises(ModelError, match=r"restores image 1 otherwise .* of white"):
        _lowered("ridge", model)


def test_what_is_verified_is_said(tmp_path):
    saved = _saved(tmp_path)
    verification = verify_denoiser(tmp_path)
    assert verification.bit_equal
    assert verification.checked[2:4] == ("operations: all 1 on Tenfold's list", "arrays: 2, headers and indices")
    np.testing.assert_array_equal(verification.model.restore(NOISY), saved.restore(NOISY))


@pytest.mark.parametrize("save", [_saved, _former])
def test_a_grey_level_of_rounding_is_no_other_model(tmp_path, save, monkeypatch):
    save(tmp_path)
    restore = SavedDenoiser.restore
    monkeypatch.setattr(SavedDenoiser, "restore", lambda self, noisy: restore(self, noisy) ^ 1)
    assert not verify_denoiser(tmp_path).bit_equal
    monkeypatch.setattr(SavedDenoiser, "restore", lambda self, noisy: restore(self, noisy) ^ 2)
    with pytest.raises(ModelError, match=r"by \d grey levels"):
        load_denoiser(tmp_path)


def test_a_changed_byte_is_refused(tmp_path):
    _saved(tmp_path)
    path = next(tmp_path.glob("arrays-*.program"))
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
    _former(tmp_path)
    _forge_arrays(tmp_path, lambda arrays: {**arrays, "clean": 255 - arrays["clean"]})
    with pytest.raises(ModelError, match="restores a golden image otherwise than it did"):
        load_denoiser(tmp_path)


def test_objects_are_refused_before_they_are_read(tmp_path):
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("code was run",))

    _former(tmp_path)
    evil = np.array([Evil()], object)
    _forge_arrays(tmp_path, lambda arrays: {**arrays, "clean": evil})
    assert pickle.dumps(evil)
    with pytest.raises(ModelError, match="holds objects"):
        load_denoiser(tmp_path)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"version": 2}, "format version 2"),
        ({"candidate": ""}, "has no name"),
        ({"peak": 0}, "its white is no grey level"),
        ({"shape": [5, 6]}, "images of its shape"),
        ({"member": {"file": "../../etc/passwd", "bytes": 1, "sha256": "0" * 64}}, "entries are not those"),
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
    next(tmp_path.glob("arrays-*.program")).unlink()
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
def test_arrays_of_before_that_do_not_fit_together_are_refused(tmp_path, name, change):
    _former(tmp_path, name)
    _forge_arrays(tmp_path, change)
    with pytest.raises(ModelError):
        load_denoiser(tmp_path)


@pytest.mark.parametrize(
    ("role", "content", "message"),
    [
        ("arrays", pack_program(_lowered("baseline").program)[:-9], "cut short"),
        ("arrays", packed({"clean": CLEAN}), "no program"),
        ("golden", packed({"golden_noisy": NOISY[:2].ravel(), "golden_restored": CLEAN[:2]}), "compressed"),
        ("golden", pack_members({"golden_noisy": NOISY[:2]}).getvalue(), "no golden images"),
        ("golden", pack_members({"golden_noisy": NOISY[:2], "golden_restored": CLEAN[:1]}).getvalue(), "do not fit"),
        (
            "golden",
            pack_members({"golden_noisy": NOISY[:9], "golden_restored": CLEAN[:9]}).getvalue(),
            "too many or too few",
        ),
        ("golden", pack_members({"golden_noisy": NOISY[:2], "golden_restored": NOISY[:2]}).getvalue(), "do not fit"),
    ],
    ids=range(7),
)
def test_files_that_are_forged_are_refused(tmp_path, role, content, message):
    _saved(tmp_path)
    _forge(tmp_path, role, content)
    with pytest.raises(ModelError, match=message):
        load_denoiser(tmp_path)


def test_a_program_of_something_else_is_refused(tmp_path):
    _saved(tmp_path)
    for program in (
        lower_images(MedianDenoiser().fit(NOISY[:, :3], CLEAN[:, :3]), Images((3, 6))),
        lower_classes(LogisticRegression().fit([[0.0], [1.0]], [0, 1]), Matrix("float64", 1), 2),
    ):
        _forge(tmp_path, "arrays", pack_program(program))
        with pytest.raises(ModelError, match="restores no images of its shape"):
            load_denoiser(tmp_path)


def test_a_denoiser_of_before_may_not_name_a_program(tmp_path):
    _former(tmp_path)
    plain = json.loads((tmp_path / "manifest.json").read_text())
    plain["member"]["file"] = plain["member"]["file"].replace(".npz", ".program")
    _rewrite(tmp_path, member=plain["member"])
    with pytest.raises(ModelError, match="odd name"):
        load_denoiser(tmp_path)


def test_an_image_of_another_size_is_refused():
    with pytest.raises(DataError, match=r"int16 \(6, 6\) is needed"):
        _lowered("median").restore(NOISY[:, :3])
