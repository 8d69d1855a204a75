"""Whatever is changed in a bundle, it is refused in one line; nothing runs, nothing crashes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenfold.errors import ModelError
from tenfold.record.bundle import save
from tenfold.record.bundle.classifier_files import load_classifier
from tests.record.bundle.conftest import offered
from tests.record.bundle.tampering import forge, members_of, nodes, packed, pipeline_file, with_description


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    classifier, X = offered("forest")
    folder = tmp_path_factory.mktemp("whole") / "model"
    save(classifier, folder, golden=X, codec="skops")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_classifier(folder, alone=True)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) <= 400
    assert caught.value.exit_code == 8
    return message


@pytest.mark.parametrize("place", [0.0, 0.1, 0.35, 0.5, 0.75, 0.9, 0.999])
@pytest.mark.parametrize("name", ["manifest", "pipeline", "golden"])
def test_one_flipped_byte_in_any_file_is_refused(bundle: Path, tmp_path: Path, name: str, place: float) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "model"))
    file = next(copy.glob(f"{name}*"))
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= 1
    file.write_bytes(content)
    refused(copy)


@pytest.mark.parametrize("name", ["manifest", "pipeline", "golden"])
def test_a_missing_or_shortened_file_is_refused(bundle: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "model"))
    file = next(copy.glob(f"{name}*"))
    file.write_bytes(file.read_bytes()[:-7])
    refused(copy)
    file.unlink()
    refused(copy)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: m["versions"].update({"scikit-learn": "1.2.3"}), "scikit-learn 1.2.3, its pipeline 1."),
        (lambda m: m["versions"].update(skops="0.1"), "skops 0.1, its pipeline 0."),
        (lambda m: m.update(version=2), "version 2, but this Tenfold reads version 1"),
        (lambda m: m["task"]["classes"].pop(), "score names"),
        (lambda m: (m["task"]["classes"].pop(), m["scores"]["names"].pop()), "classes"),
        (lambda m: m["task"]["classes"].__setitem__(0, "9"), "not distinct"),
        (lambda m: m["task"].update(positive="5"), "positive"),
        (lambda m: m["scores"].update(probabilities=False), "another kind"),
        (lambda m: m["input"]["columns"].pop(), "fit"),
        (lambda m: m["input"]["columns"].reverse(), "feature names"),
        (lambda m: m["members"]["golden"].update(sha256="0" * 64), "000000000000"),
        (lambda m: m["members"]["golden"].update(bytes=5), "5"),
        (lambda m: m["members"]["golden"].update(file="../golden.json"), "odd name"),
        (lambda m: m.update(extra=1), "entries"),
    ],
)
def test_a_manifest_that_lies_is_refused_naming_both(
    bundle: Path, tmp_path: Path, change: Callable[[Any], Any], told: str
) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "model"))
    manifest = json.loads((copy / "manifest.json").read_text())
    change(manifest)
    manifest.pop("sha256")

    def encoded() -> str:
        return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"

    manifest["sha256"] = hashlib.sha256(encoded().encode()).hexdigest()
    (copy / "manifest.json").write_text(encoded())
    assert told in refused(copy)


def test_another_answer_is_refused_naming_both_versions(bundle: Path, tmp_path: Path) -> None:
    golden = json.loads(next(bundle.glob("golden-*")).read_text())
    golden["scores"][0][0] += 1e-6
    copy = forge(bundle, tmp_path / "model", "golden", json.dumps(golden).encode())
    assert "written with scikit-learn" in refused(copy)


@pytest.mark.parametrize(
    "content", [b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07KeyErr\x94.", b"PK\x03\x04", b"", b"{}"]
)
def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    for name in ("model.pkl", "model.skops", "model.joblib", "manifest.json"):
        (tmp_path / name).write_bytes(content)
        assert "not a Tenfold model" in refused(tmp_path / name)
    assert "not a Tenfold model" in refused(tmp_path)
    assert "no such file" in refused(tmp_path / "nothing")


def test_a_pickle_in_the_place_of_the_pipeline_is_not_run(bundle: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    payload = b"cos\nsystem\n(S'touch " + str(canary).encode() + b"'\ntR."
    for number, content in enumerate([payload, packed({"data.pkl": payload}), packed({"schema.json": payload})]):
        refused(forge(bundle, tmp_path / str(number), "pipeline", content))
    assert not canary.exists()


def _json(value: str) -> dict[str, Any]:
    return {
        "__class__": "str",
        "__module__": "builtins",
        "__loader__": "JsonNode",
        "content": value,
        "is_json": True,
        "__id__": 1,
    }


def _smuggled() -> list[tuple[str, dict[str, Any]]]:
    """Nodes as skops writes them, of the kinds behind its published advisories and of dangerous names."""
    plain = {"__id__": 991}
    args = {
        "__class__": "tuple",
        "__module__": "builtins",
        "__loader__": "TupleNode",
        "content": [_json('"id"')],
        **plain,
    }
    kinds = []
    for module, name in [
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("builtins", "getattr"),
        ("os", "system"),
        ("posix", "system"),
        ("subprocess", "Popen"),
        ("importlib", "import_module"),
        ("sklearn.utils.validation", "check_array"),
        ("joblib", "load"),
        ("numpy", "load"),
    ]:
        kinds += [(name, {"__class__": name, "__module__": module, "__loader__": "FunctionNode", **plain})]
        kinds += [(name, {"__class__": name, "__module__": module, "__loader__": "TypeNode", **plain})]
        built = {"__class__": name, "__module__": module, "content": args, **plain}
        kinds += [(name, {**built, "__loader__": "ConstructorFromReduceNode"})]
        kinds += [(name, {**built, "__loader__": "ObjectNode"})]
        kinds += [(name, {**built, "__loader__": "ListNode", "content": []})]
        kinds += [(name, {"__class__": name, "__module__": module, "__loader__": "JsonNode", "content": "1", **plain})]
        loss = {"__reduce__": {"args": args}, "__loader__": "LossNode"}
        kinds += [(name, {**built, **loss})]
    operator = {"__module__": "operator", "__loader__": "OperatorFuncNode", "attrs": args, **plain}
    kinds += [(name, {"__class__": name, **operator}) for name in ("methodcaller", "attrgetter", "call", "itemgetter")]
    pipe = {"__class__": "Pipeline", "__module__": "sklearn.pipeline", "__loader__": "ObjectNode", **plain}
    for method in ("__class__", "__init__.__globals__", "predict"):
        bound = {"func": method, "obj": pipe}
        kinds.append(("Pipeline", {**pipe, "__loader__": "MethodNode", "content": bound}))
    generator = {"__class__": "Generator", "__module__": "numpy.random._generator", "__loader__": "RandomGeneratorNode"}
    named = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {}}
    types = {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": [], "__id__": 71}
    state = {**named, "content": {"bit_generator": {**_json('"seed"'), "__id__": 72}}, "__id__": 73}
    key = {"__class__": "str", "__module__": "builtins", "__loader__": "TypeNode", "__id__": 75}
    state["key_types"] = {**types, "content": [key], "__id__": 76}
    seed = {**named, "key_types": types, "__id__": 74}
    kinds.append(("seed", {**generator, "content": {"bit_generator": state, "seed_seq": seed}, **plain}))
    kinds.append(("bytes", {"__class__": "bytes", "__module__": "builtins", "__loader__": "BytesNode", "file": "x"}))
    cached = {"__class__": "Pipeline", "__module__": "sklearn.pipeline", "__loader__": "CachedNode", **plain}
    kinds.append(("Pipeline", cached))
    sparse = {"__class__": "csr_matrix", "__module__": "scipy.sparse._csr", "__loader__": "SparseMatrixNode"}
    kinds.append(("csr_matrix", {**sparse, "type": "scipy", "file": "x", **plain}))
    return kinds


def test_no_type_gets_in_that_is_not_on_the_list(bundle: Path, tmp_path: Path) -> None:
    smuggled = _smuggled()
    assert len(smuggled) >= 40
    for number, (name, node) in enumerate(smuggled):

        def put(description: Any, node: dict[str, Any] = node) -> None:
            description["content"]["content"]["verbose"] = node

        content = with_description(bundle, put)
        message = refused(forge(bundle, tmp_path / str(number), "pipeline", content))
        assert name in message, (node, message)


def test_refusal_comes_before_any_import(bundle: Path, tmp_path: Path) -> None:
    def put(description: Any) -> None:
        description["content"]["content"]["verbose"] = {
            "__class__": "open",
            "__module__": "antigravity",
            "__loader__": "TypeNode",
            "__id__": 5,
        }

    copy = forge(bundle, tmp_path / "model", "pipeline", with_description(bundle, put))
    assert "antigravity.open" in refused(copy)
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(protocol=0),
        lambda d: d.update(protocol=True),
        lambda d: d.update(extra={}),
        lambda d: d["content"]["content"].update(predict=_json("1")),
        lambda d: d["content"]["content"]["verbose"].update(content='[["deep"]]'),
        lambda d: d["content"]["content"].update(verbose={**_json("true"), "__id__": d["content"]["__id__"]}),
        lambda d: d["content"]["content"]["memory"].update(content='"/tmp/cache"'),
        lambda d: d["content"]["key_types"]["content"].pop(),
        lambda d: d.update(content=None),
        lambda d: [d],
    ],
)
def test_a_description_outside_the_grammar_is_refused(
    bundle: Path, tmp_path: Path, change: Callable[[Any], Any]
) -> None:
    def changed(description: Any) -> Any:
        result = change(description)
        return result if isinstance(result, list) else None

    refused(forge(bundle, tmp_path / "model", "pipeline", with_description(bundle, changed)))


def test_an_array_kept_under_two_names_for_one_object_is_refused(bundle: Path, tmp_path: Path) -> None:
    """What is checked at one place must not be built from another."""

    def swap(description: Any) -> None:
        found = [node for node in nodes(description) if node["__loader__"] == "TreeNode"]
        found[1]["__id__"] = found[0]["__id__"]

    refused(forge(bundle, tmp_path / "model", "pipeline", with_description(bundle, swap)))


def _bombs(whole: dict[str, bytes]) -> dict[str, bytes]:
    description = whole["schema.json"]
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    wide = b"[" + b"[]," * 5_000_000 + b"[]]"
    array = next(name for name in whole if name.endswith(".npy"))
    claimed = bytearray(whole[array])
    header = bytes(claimed).replace(b"'shape': (", b"'shape': (9999999999, ", 1)
    cut = bytes(header[:8]) + struct.pack("<H", len(header) - 10) + header[10:]
    duplicate = packed(whole)
    many = {f"{number}.npy": b"" for number in range(20_000)}
    return {
        "description of 1 GB": packed({**whole, "schema.json": b" " * (1 << 30)}),
        "deep": packed({**whole, "schema.json": deep}),
        "wide": packed({**whole, "schema.json": wide}),
        "many members": packed({"schema.json": description, **many}),
        "zeros": packed({**whole, "zeros.npy": b"\0" * (200 << 20)}),
        "forged header": packed({**whole, array: cut}),
        "cut array": packed({**whole, array: whole[array][:-8]}),
        "object array": packed({**whole, array: whole[array].replace(b"<i8", b"|O8")}),
        "unnamed member": packed({**whole, "1.npy": whole[array]}),
        "missing member": packed({name: content for name, content in whole.items() if name != array}),
        "odd name": packed({**whole, "../1.npy": whole[array]}),
        "before": b"x" * 10 + duplicate,
        "behind": duplicate + b"x" * 10,
    }


_CHILD = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
from tenfold.record.bundle import load
from tenfold.errors import ModelError
import skops.io
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for folder in sys.argv[2:]:
    before, start = peak(), time.perf_counter()
    try:
        load(folder)
        print(folder, "LOADED")
    except ModelError as refused:
        print(folder, round(time.perf_counter() - start, 2), round(peak() - before), refused, sep="|")
"""


def test_bombs_are_refused_within_two_seconds_and_100_mb(bundle: Path, tmp_path: Path) -> None:
    whole = members_of(bundle)
    folders = [
        forge(bundle, tmp_path / name.replace(" ", "_"), "pipeline", content) for name, content in _bombs(whole).items()
    ]
    twice = tmp_path / "twice.zip"
    with zipfile.ZipFile(twice, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("schema.json", b"{}")
    folders.append(forge(bundle, tmp_path / "twice", "pipeline", twice.read_bytes()))
    folders.append(forge(bundle, tmp_path / "overlap", "pipeline", _overlapping(whole)))
    command = [sys.executable, "-c", _CHILD, str(Path(__file__).parent), *map(str, folders)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(lines) == len(folders)
    for line in lines:
        folder, seconds, growth, message = line.split("|", 3)
        assert float(seconds) <= 2, line
        assert int(growth) <= 100, line
        assert message.startswith(folder), line


def _overlapping(whole: dict[str, bytes]) -> bytes:
    """Two entries of the directory that share the bytes of one member."""
    arrays = [name for name in whole if name.endswith(".npy")]
    content = bytearray(packed(whole))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(arrays[1].encode()))
    first = content.rfind(b"PK\x01\x02", 0, content.rfind(arrays[0].encode()))
    content[entry + 42 : entry + 46] = content[first + 42 : first + 46]
    return bytes(content)


def test_random_bytes_flipped_in_the_pipeline_are_refused_or_harmless(bundle: Path, tmp_path: Path) -> None:
    """With the hashes redone; what still loads has passed every check and its golden rows."""
    import numpy as np

    content = pipeline_file(bundle).read_bytes()
    random = np.random.default_rng(3)
    begun = time.monotonic()
    for number in range(200):
        flipped = bytearray(content)
        flipped[random.integers(len(content))] ^= int(1 << random.integers(8))
        folder = forge(bundle, tmp_path / str(number), "pipeline", bytes(flipped))
        with contextlib.suppress(ModelError):
            load_classifier(folder, alone=True)
        if time.monotonic() - begun > 60:
            break
