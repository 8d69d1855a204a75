"""
Models changed by someone who redoes every hash and every golden row, by the hundred; none may do harm.

``python -m tests.record.bundle.mutants --count 1000`` takes some minutes on two cores. Each mutant is made and forged
(its golden rows answered by the mutant itself) in a process that may die of it; then another process loads it, with all
checks, and lets it predict. What comes of each is one of `OUTCOMES`.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import hashlib
import io
import json
import shutil
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.mortal_process import MortalProcess
from tests.record.bundle.tampering import nodes

ROOT = Path(__file__).parents[3]
SECONDS = 60
EXTRA_BYTES = 1 << 30
OUTCOMES = ("refused", "harmless", "unlike", "nonsense", "traceback", "memory", "signal", "hang")
"""`unlike`: it fails on some rows, in one line; `nonsense`: a score that is no number, or a class that there is not."""

HARM = ("nonsense", "traceback", "memory", "signal", "hang")

NASTY = (
    *(None, True, False, -1, 0, 1, 3, 10**9, -(10**9), 2**31, 2**63, -(2**63), 10**30, 1e308, -0.0, 1e-320),
    *(float("nan"), float("inf"), "", "x", "S10000000", "U1000000000", "object", "\ud800", "\x00", "a" * 20_000),
    *([], {}, [[[]]], {"a": 1}, [1] * 1000, "true", "1e400", "9" * 5000, "passthrough", "drop", "precomputed"),
)


# ---- the models that are changed


def saved_models(folder: Path, names: tuple[str, ...] | None = None) -> dict[str, Path]:
    """Fit and save a small model of each type that Tenfold offers; give the folder of each."""
    from tenfold.record.bundle import save

    saved = {}
    for name, make in model_makers().items():
        if names is None or name in names:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                classifier, X = make()
            saved[name] = folder / name.replace(":", "_")
            if name.startswith("denoiser"):
                from tests.record.bundle.former import save_formerly

                fitted, restored = classifier
                save_formerly(saved[name], name.removeprefix("denoiser-"), fitted, X[:8], restored[:8], peak=16)
            else:
                save(classifier, saved[name], golden=X, codec="skops")
            (saved[name] / "rows").write_text(_rows_of(name))
    return saved


def model_makers() -> dict[str, Callable[[], tuple[Any, Any]]]:
    """Name -> what fits it: every candidate on images, tables, one class and several labels, and the denoisers."""
    from tenfold.candidates.catalogue import CATALOGUE

    names = [
        name for entry in CATALOGUE.values() for name in (entry.name, *(f"{entry.name}:{m}" for m in entry.modifiers))
    ]
    makers: dict[str, Callable[[], tuple[Any, Any]]] = {}
    for name in names:
        makers[f"digits-{name}"] = lambda name=name: _of_images(name)
        makers[f"detector-{name}"] = lambda name=name: _of_images(name, detector=True)
        makers[f"table-{name}"] = lambda name=name: _of_table(name)
    for name in ("baseline", "sgd", "logistic", "forest", "knn", "svm", "boosting", "chain:logistic", "chain:forest"):
        makers[f"labels-{name}"] = lambda name=name: _of_labels(name)
    makers["streamed-bayes"] = lambda: _streamed("bayes")
    makers["streamed-sgd"] = lambda: _streamed("sgd")
    for name in (
        "table:target",
        "table:one-hot",
        "calibrated",
        "calibrated-isotonic",
        "nystroem",
        "svm",
        "knn-distance",
    ):
        makers[f"own-{name}"] = lambda name=name: _offered(name)
    for name in ("baseline", "median", "ridge", "knn", "knn:mean", "knn:median"):
        makers[f"denoiser-{name}"] = lambda name=name: _denoiser(name)
    return makers


def _rows_of(name: str) -> str:
    kind = name.partition("-")[0]
    if kind == "own":
        return "mixed" if "table" in name else "digit table"
    return {"table": "names", "streamed": "names", "denoiser": "noisy"}.get(kind, "images")


def instances(rows: str) -> Any:
    """Give rows to predict, among them texts that no training row holds, and extreme numbers."""
    from tests.record.bundle.conftest import digit_table, mixed_table

    if rows == "images":
        return digit_table()[0].to_numpy().astype(np.uint8).reshape(-1, 8, 8)
    if rows == "noisy":
        return instances("images")[:50].astype(np.int16) + 3
    if rows == "digit table":
        return digit_table()[0]
    table = mixed_table() if rows == "mixed" else named_table()
    strange = table.iloc[:6].reset_index(drop=True)
    text = "port" if rows == "mixed" else "name"
    strange[text] = pd.Series(["?", None, "", "\x00", "name 3\x1b", "Q"], dtype=object)
    strange["age"] = [1e150, -1e150, np.nan, 0.0, -0.0, 1e-300]
    return pd.concat([table, strange], ignore_index=True)


def named_table(rows: int = 300) -> pd.DataFrame:
    """Numbers with gaps, a text column of few values and one of many rare ones."""
    random = np.random.default_rng(11)
    age = random.normal(30, 10, rows)
    age[::9] = np.nan
    names = np.array([f"name {i}{chr(27) if i % 3 == 0 else ''}" for i in range(40)], object)
    frequent = np.minimum(random.geometric(0.15, rows), 40) - 1
    port = np.array(["S", "C", "Q", None], object)[random.integers(0, 4, rows)]
    table = {"age": age, "class": random.integers(1, 4, rows)}
    return pd.DataFrame(
        table | {"name": pd.Series(names[frequent], dtype=object), "port": pd.Series(port, dtype=object)}
    )


def _fitted(pipeline: Any, data: Any, codes: Any, task: Any) -> Any:
    from tenfold.data.kinds.kind import find_kind
    from tenfold.record.bundle import Classifier
    from tests.record.bundle.conftest import at

    small = {"n_estimators": 6, "max_iter": 12}
    names = [name for name in pipeline.get_params() if name.split("__")[-1] in small and "forest" not in name]
    steps = {name: small[name.split("__")[-1]] for name in names if not name.endswith("max_iter") or _boosts(pipeline)}
    fitted = pipeline.set_params(**steps).fit(data.X, codes)
    probabilities = task.predict(fitted, data.X[:2]).probabilities
    return Classifier(fitted, task, at(), probabilities, find_kind(data.kind).schema(data.X), {"dataset": "test"})


def _boosts(pipeline: Any) -> bool:
    return "Boosting" in repr(pipeline)


def _dataset(X: Any, y: Any) -> Any:
    from tenfold.data.dataset import Dataset

    return Dataset("test", "table" if isinstance(X, pd.DataFrame) else "image", X, y, source="memory")


def _of_images(name: str, *, detector: bool = False) -> tuple[Any, Any]:
    from tenfold.candidates.catalogue import resolve
    from tenfold.candidates.setting import setting_of
    from tests.record.bundle.conftest import DIGITS, FIVES, digit_table

    task = FIVES if detector else DIGITS
    data = _dataset(instances("images"), digit_table()[1])
    codes = (data.y == 5).astype(np.int64) if detector else data.y
    return _fitted(resolve(name, setting_of(data, task)).pipeline, data, codes, task), data.X


def _of_table(name: str) -> tuple[Any, Any]:
    from tenfold.candidates.catalogue import resolve
    from tenfold.candidates.setting import setting_of
    from tests.record.bundle.conftest import FIVES

    data = _dataset(named_table(), None)
    return _fitted(resolve(name, setting_of(data, FIVES)).pipeline, data, _table_codes(data.X), FIVES), data.X


def _table_codes(table: pd.DataFrame) -> Any:
    return ((table["class"] > 1) ^ (table["name"].str.len() > 7)).to_numpy(np.int64)


def _of_labels(name: str) -> tuple[Any, Any]:
    from tenfold.candidates.catalogue import resolve
    from tenfold.candidates.setting import setting_of
    from tenfold.tasks import LabelTask
    from tests.record.bundle.conftest import digit_table

    y = digit_table()[1]
    task = LabelTask(("large", "odd", "round"))
    labels = np.column_stack([y > 6, y % 2 == 1, np.isin(y, (0, 6, 8, 9))])
    data = _dataset(instances("images"), labels)
    return _fitted(resolve(name, setting_of(data, task)).pipeline, data, labels.astype(np.int64), task), data.X


def _streamed(name: str) -> tuple[Any, Any]:
    """The pipelines that a streamed run saves: categories that were named, not found."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    from tenfold import models
    from tenfold.data.kinds.table.preparation import TableColumns, table_parts
    from tests.record.bundle.conftest import FIVES

    X = named_table()
    columns = TableColumns(("age", "class"), ("name", "port"), ())
    texts: list[Any] = [np.array(sorted(set(X["name"]))[:20], object), np.array(["C", "S", None], object)]
    if name == "sgd":
        numbers = make_pipeline(SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler())
        encoder = OneHotEncoder(categories=texts, handle_unknown="ignore", sparse_output=False)
        pipeline = Pipeline([("columns", table_parts(columns, numbers, encoder)), ("model", models.SGDClassifier())])
    else:
        known = [texts[0], texts[1][:2]]
        encoder = OrdinalEncoder(
            categories=known, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan
        )
        bayes = models.MixedNaiveBayes(categorical=[2, 3])
        pipeline = Pipeline([("columns", table_parts(columns, "passthrough", encoder)), ("model", bayes)])
    return _fitted(pipeline, _dataset(X, None), _table_codes(X), FIVES), X


def _offered(name: str) -> tuple[Any, Any]:
    from tests.record.bundle.conftest import offered

    return offered(name)


def _denoiser(name: str) -> tuple[Any, Any]:
    from tenfold.record.bundle.denoiser import lower_denoiser
    from tenfold.tasks.images.catalogue import entry_of

    clean, noisy = instances("images")[:50], instances("noisy")
    fitted = entry_of(name).estimator().fit(noisy, clean)
    return (fitted, lower_denoiser(name, fitted, noisy, peak=16, noise="gaussian:3").restore(noisy)), noisy


# ---- how they are changed


@dataclass
class Parts:
    """A saved model taken apart: plain manifest, plain golden rows (None in a denoiser), members of its archive."""

    manifest: Any
    golden: Any
    members: dict[str, bytes]
    archive: bytes | None = None  # in place of the members packed anew

    @staticmethod
    def of(folder: Path) -> Parts:
        archive = next([*folder.glob("*.skops"), *folder.glob("*.npz")].__iter__())
        golden = next(folder.glob("golden-*"), None)
        with zipfile.ZipFile(archive) as unpacked:
            members = {name: unpacked.read(name) for name in unpacked.namelist()}
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        return Parts(manifest, None if golden is None else json.loads(golden.read_text()), members)

    def write(self, folder: Path) -> None:
        """Write it with every hash right."""
        folder.mkdir(parents=True, exist_ok=True)
        content = packed_members(self.members) if self.archive is None else self.archive
        if self.golden is None:
            self.manifest["member"] = _member(folder, "arrays", "npz", content, self.manifest.get("member"))
        else:
            members = self.manifest.get("members")
            golden = json.dumps(self.golden).encode()
            if isinstance(members, dict):
                members["pipeline"] = _member(folder, "pipeline", "skops", content, members.get("pipeline"))
                members["golden"] = _member(folder, "golden", "json", golden, members.get("golden"))
        self.manifest.pop("sha256", None)
        signed = {**self.manifest, "sha256": hashlib.sha256(_encoded(self.manifest)).hexdigest()}
        (folder / "manifest.json").write_bytes(_encoded(signed))


def packed_members(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def _member(folder: Path, role: str, suffix: str, content: bytes, before: Any) -> Any:
    digest = hashlib.sha256(content).hexdigest()
    name = f"{role}-{digest[:16]}.{suffix}"
    (folder / name).write_bytes(content)
    fresh = {"file": name, "bytes": len(content), "sha256": digest}
    return {**before, **fresh} if isinstance(before, dict) else fresh


def _encoded(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def mutated(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    """Change a model in one place, or in three; say how."""
    ways = (_description, _array, _members, _manifest, _golden, _zip)
    weights = (0.4, 0.36, 0.08, 0.09, 0.05, 0.02)
    told = []
    for _ in range(3 if random.random() < 0.15 else 1):
        way = ways[random.choice(len(ways), p=weights)]
        if way is _description and "schema.json" not in parts.members:
            way = _array
        if way is _golden and parts.golden is None:
            way = _manifest
        told.append(way(parts, others, random))
    return "; ".join(told)


def _nasty(random: np.random.Generator) -> Any:
    return copy.deepcopy(NASTY[random.integers(len(NASTY))])


def _description(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    try:
        description = json.loads(parts.members["schema.json"])
    except (KeyError, ValueError):
        return "no description left"
    found = list(nodes(description))
    fresh = max((node["__id__"] for node in found if type(node.get("__id__")) is int), default=0) + 1
    node = found[random.integers(len(found))]
    plain = [one for one in found if one["__loader__"] == "JsonNode"]
    how = random.integers(10)
    if how < 6 and plain:
        node = plain[random.integers(len(plain))]
        node["content"], node["__id__"] = _content(_nasty(random), random), fresh
        told = f"a value becomes {str(node['content'])[:40]}"
    elif how == 6:
        holder = node["content"] if isinstance(node.get("content"), dict) and random.random() < 0.7 else node
        key = list(holder)[random.integers(len(holder))] if holder else None
        told = f"no {key}"
        if key is not None:
            holder.pop(key)
    elif how == 7:
        other = copy.deepcopy(found[random.integers(len(found))])
        told = f"a {node.get('__class__')} becomes a {other.get('__class__')}"
        other["__id__"] = fresh
        node.clear()
        node.update(other)
    elif how == 8:
        key = list(node)[random.integers(len(node))]
        node[key] = _nasty(random)
        told = f"{key} of a node becomes {str(node[key])[:40]}"
    else:
        lists = [one for one in found if isinstance(one.get("content"), list) and one["content"]]
        items = lists[random.integers(len(lists))]["content"] if lists else []
        told = "a list shorter, longer or in another order"
        way = random.integers(3)
        if items and way == 0:
            items.pop(random.integers(len(items)))
        elif items and way == 1:
            items.append(copy.deepcopy(items[random.integers(len(items))]))
        elif items:
            items.reverse()
    text = json.dumps(description)
    if random.random() < 0.03:
        text = text.replace("{", '{"content": 1, ', 1)
        told += ", a key twice"
    parts.members["schema.json"] = text.encode()
    return told


def _content(value: Any, random: np.random.Generator) -> Any:
    """skops holds a value as JSON in text; now and then as it is, or as no JSON at all."""
    chance = random.random()
    return value if chance < 0.1 else str(value) if chance < 0.2 else json.dumps(value)


def _array(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    names = [name for name in parts.members if name.endswith(".npy")]
    if not names:
        return "no array left"
    name = names[random.integers(len(names))]
    try:
        array = np.load(io.BytesIO(parts.members[name]), allow_pickle=False).copy()
    except (ValueError, EOFError, MemoryError):
        return "an array that was changed before"
    way = random.integers(12)
    if way < 6 and array.size:
        field = array.dtype.names[random.integers(len(array.dtype.names))] if array.dtype.names else None
        told = f"{name} {field or ''}: {_spoil(array[field] if field else array, random)}"
        changed = array
    else:
        told, changed = _reshaped(array, random)
        told = f"{name}: {told}"
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, changed, version=(1, 0), allow_pickle=False)
    content = buffer.getvalue()
    if way == 11:
        content = content.replace(b"'shape': (", b"'shape': (99999999, ", 1)
        told += ", a header that lies"
    parts.members[name] = content
    return told


def _spoil(values: np.ndarray, random: np.random.Generator) -> str:
    bad: list[Any] = [-1, 0, 1, values.size, 10**9, -(2**31), 2**31 - 1]
    bad += [np.nan, np.inf, -np.inf, 1e300] if values.dtype.kind == "f" else [2**63 - 1, 255]
    value = bad[random.integers(len(bad))]
    place = random.integers(values.size) if random.random() < 0.7 else slice(None)
    if values.dtype.kind in "iu" and np.isfinite(value):
        limits = np.iinfo(values.dtype)
        value = min(max(int(value), limits.min), limits.max)
    with np.errstate(all="ignore"):
        flat = values.reshape(-1) if values.flags.contiguous else values
        flat[place] = np.asarray(value).astype(values.dtype)
    return f"{value} at {'all' if isinstance(place, slice) else place}"


def _reshaped(array: np.ndarray, random: np.random.Generator) -> tuple[str, np.ndarray]:
    plain = array.dtype.names is None
    forms: list[tuple[str, Callable[[], np.ndarray]]] = [
        ("shorter", lambda: array[:-1] if array.ndim else array),
        ("longer", lambda: np.concatenate([array, array[-1:]]) if array.ndim else array),
        ("much longer", lambda: np.resize(array, (200_000, *array.shape[1:]))),
        ("empty", lambda: np.empty((0, *array.shape[1:]), array.dtype)),
        ("flat", lambda: array.reshape(-1)),
        ("one dimension more", lambda: array[None]),
        ("Fortran order", lambda: np.asfortranarray(array)),
        ("reversed", lambda: array[..., ::-1].copy() if array.ndim else array),
    ]
    if plain:
        kinds = ("float32", "int64", "uint8", "bool", ">f8", "int32", "complex64", "U4", "S10", "V8")
        forms += [(kind, lambda kind=kind: array.astype(kind)) for kind in kinds]
        forms.append(("fewer columns", lambda: array[..., :-1] if array.ndim else array))
    told, make = forms[random.integers(len(forms))]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return told, make()


def _members(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    names = list(parts.members)
    one, two = (names[random.integers(len(names))] for _ in range(2))
    way = random.integers(5)
    if way == 0:
        parts.members.pop(one)
        return f"{one} is missing"
    if way == 1:
        parts.members[f"2{one}"] = parts.members[one]
        return f"{one} stands there twice"
    if way == 2:
        other = others[random.integers(len(others))].members
        parts.members[one] = other[list(other)[random.integers(len(other))]]
        return f"{one} of another model"
    if way == 3:
        parts.members["../../evil.npy"] = parts.members[one]
        return "a member outside"
    parts.members[one], parts.members[two] = parts.members[two], parts.members[one]
    return f"{one} and {two} change places"


def _manifest(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    return f"manifest: {_replaced(parts.manifest, random)}"


def _golden(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    return f"golden: {_replaced(parts.golden, random)}"


def _replaced(plain: Any, random: np.random.Generator) -> str:
    """Put something nasty at a random path, however deep."""
    path, holder = [], plain
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = keys[random.integers(len(keys))]
        path.append(str(key)[:20])
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.2:
            break
        holder = inner
    value = _nasty(random)
    if random.random() < 0.15:
        holder.pop(key)
        return f"no {'/'.join(path)}"
    holder[key] = value
    return f"{'/'.join(path)} becomes {str(value)[:40]}"


def _zip(parts: Parts, others: list[Parts], random: np.random.Generator) -> str:
    content = bytearray(packed_members(parts.members))
    for place in random.integers(0, len(content), 3):
        content[place] ^= 1 << int(random.integers(8))
    parts.archive = bytes(content)
    return "three bits of the archive flipped"


# ---- what comes of them


def _serve(work: Callable[[Path], dict[str, Any]]) -> None:
    """Answer each folder named on standard input with a line of JSON."""
    # all imports before the clock runs
    import tenfold.record.bundle.former_denoisers  # noqa: F401
    import tests.record.bundle.conftest  # noqa: F401

    warnings.simplefilter("ignore")
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(work(Path(line.strip()))), flush=True)


def forge_golden(folder: Path) -> dict[str, Any]:
    """Let a mutant answer its golden rows unchecked, as whoever changed it would, and write that as golden."""
    try:
        forge = _forge_denoiser if next(folder.glob("*.npz"), None) else _forge_classifier
        forge(folder)
    except Exception as fault:  # noqa: BLE001 - a mutant may fail in any way while nothing checks it
        return {"forged": False, "why": f"{type(fault).__name__}: {fault}"[:200]}
    return {"forged": True}


def _forge_classifier(folder: Path) -> None:
    from unittest import mock

    from tenfold.record.bundle import classifier_files
    from tenfold.record.bundle.codecs import skops
    from tenfold.record.bundle.golden import golden_rows
    from tenfold.record.bundle.manifest import read_manifest
    from tenfold.record.bundle.vetting.vet import Vetted

    manifest = read_manifest(folder, classifier_files.FORMAT)
    skops_version, sklearn = manifest.versions["skops"], manifest.versions["scikit-learn"]
    unchecked = Vetted((), skops_version, frozenset({sklearn}), 0)
    with (
        mock.patch.object(skops, "vet", return_value=unchecked),
        mock.patch.object(classifier_files, "compare", return_value=True),
    ):
        loaded = classifier_files.load_classifier(folder, alone=True)
    parts = Parts.of(folder)
    parts.archive = (folder / manifest.members["pipeline"].file).read_bytes()
    golden = golden_rows(loaded.model, loaded.contents.golden.X)
    parts.golden = json.loads(classifier_files.golden_file(golden, loaded.model.schema).content)
    parts.write(folder)


def _forge_denoiser(folder: Path) -> None:
    from unittest import mock

    from tenfold.record.bundle import denoiser_format, former_denoisers
    from tenfold.record.bundle.store import load_checked

    with contextlib.ExitStack() as unchecked:
        for module in (denoiser_format, former_denoisers):
            unchecked.enter_context(mock.patch.object(module, "demand"))
        loaded = load_checked(folder, former_denoisers.FORMAT, alone=True)
    parts, buffer = Parts.of(folder), io.BytesIO()
    np.lib.format.write_array(buffer, loaded.model.restore(loaded.contents.golden.noisy), version=(1, 0))
    parts.members["golden_restored.npy"] = buffer.getvalue()
    parts.write(folder)


def judge(folder: Path) -> dict[str, Any]:
    """Load a mutant with every check, and let it predict some hundred rows."""
    from tenfold.errors import TenfoldError
    from tenfold.memory import give_back, peak_bytes, reset_peak

    X = instances((folder / "rows").read_text())
    give_back()
    reset_peak()
    before, started = peak_bytes(), time.perf_counter()
    loaded = False
    try:
        model = _loaded(folder)
        loaded = True
        outcome, why = _predicted(model, X), ""
    except TenfoldError as refused:
        outcome, why = ("unlike" if loaded else "refused"), str(refused)
    except Exception as fault:  # noqa: BLE001 - what is looked for
        import traceback

        outcome, why = "traceback", "".join(traceback.format_exception(fault))[-600:]
    extra = peak_bytes() - before
    outcome = "memory" if extra > EXTRA_BYTES else outcome
    return {"outcome": outcome, "why": why[:600], "extra": extra, "seconds": round(time.perf_counter() - started, 2)}


def _loaded(folder: Path) -> Any:
    if next(folder.glob("*.npz"), None):
        from tenfold.record.bundle.former_denoisers import FORMAT
        from tenfold.record.bundle.store import load_checked

        return load_checked(folder, FORMAT, alone=True).model
    from tenfold.record.bundle.classifier_files import load_classifier

    return load_classifier(folder, alone=True).model


def _predicted(model: Any, X: Any) -> str:
    if hasattr(model, "restore"):
        restored = model.restore(X)
        return "harmless" if restored.shape == X.shape and restored.dtype == np.uint8 else "nonsense"
    codes, scores = model.predict_codes(X), model.scores(X)
    model.predict(X)
    classes = 2 if model.task.several else len(model.task.classes)
    valid = len(codes) == len(X) and codes.min() >= 0 and codes.max() < classes
    return "harmless" if valid and (scores is None or np.isfinite(scores).all()) else "nonsense"


def run(
    models: dict[str, Path], count: int, seed: int, note: Callable[[str], None] = lambda line: None
) -> list[dict[str, Any]]:
    """Make, forge and judge `count` mutants, the models taken in turn; give what came of each."""
    random = np.random.default_rng(seed)
    whole = {name: Parts.of(folder) for name, folder in models.items()}
    forger, judges = (
        MortalProcess("tests.record.bundle.mutants", "--serve", role, patience=10) for role in ("forge", "judge")
    )
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(count):
            name = list(models)[number % len(models)]
            parts, folder = copy.deepcopy(whole[name]), Path(scratch) / str(number)
            told = mutated(parts, list(whole.values()), random)
            try:
                parts.write(folder)
            except (TypeError, ValueError, AttributeError) as fault:
                note(f"{number} {name}: cannot be written ({fault})")
                continue
            (folder / "rows").write_text((models[name] / "rows").read_text())
            forged = forger.ask(str(folder), 20).get("forged", False)
            result = {
                "number": number,
                "model": name,
                "told": told,
                "forged": forged,
                **judges.ask(str(folder), SECONDS),
            }
            results.append(result)
            if result["outcome"] in HARM:
                note(json.dumps(result, indent=1))
                shutil.copytree(
                    folder, Path(tempfile.gettempdir()) / "harmful-mutants" / f"{seed}-{number}", dirs_exist_ok=True
                )
            shutil.rmtree(folder)
    forger.close()
    judges.close()
    return results


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--serve", choices=("forge", "judge"))
    words.add_argument("--count", type=int, default=1000)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--models", nargs="*")
    asked = words.parse_args()
    if asked.serve:
        if asked.serve == "forge":
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        _serve(forge_golden if asked.serve == "forge" else judge)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        models = saved_models(Path(scratch), tuple(asked.models) if asked.models else None)
        print(f"{len(models)} models", flush=True)
        results = run(models, asked.count, asked.seed, lambda line: print(line, flush=True))
    counts = Counter(result["outcome"] for result in results)
    print({name: counts[name] for name in OUTCOMES}, "forged:", sum(result["forged"] for result in results))
    print(
        "most extra memory:",
        max(result["extra"] for result in results) >> 20,
        "MB; slowest:",
        max(r["seconds"] for r in results),
        "s",
    )
    return int(any(counts[name] for name in HARM))


if __name__ == "__main__":
    sys.exit(main())
