"""Every file is opened in one place: a regular one, of a bounded size, inside the folder it belongs to."""

import ast
import os
import socket
from pathlib import Path

import pytest

import tenfold
from tenfold.errors import DataError, LimitError
from tenfold.regular_files import open_regular, read_regular, read_regular_json, refuse_links_out

PACKAGE = Path(tenfold.__file__).parent
posix = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links of POSIX")


def pipe(path):
    os.mkfifo(path)


def zero(path):
    path.symlink_to("/dev/zero")


def bound_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)  # a whole path may be longer than a socket's may be


@posix
@pytest.mark.parametrize("make", [Path.mkdir, pipe, zero, bound_socket])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path, make, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x"
    make(path)
    with pytest.raises(DataError, match=r"x: is not a regular file"):
        open_regular(path)


def test_a_file_over_its_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(LimitError, match="1,099,511,627,776 bytes, over the limit of 10"):
        read_regular(path, most=10)


def test_a_missing_file_is_the_systems_own_error(tmp_path):
    for within in (None, tmp_path):
        with pytest.raises(FileNotFoundError):
            open_regular(tmp_path / "none", within=within)


@posix
def test_a_link_is_followed_inside_the_folder_and_not_out_of_it(tmp_path):
    folder = tmp_path / "run"
    (folder / "model").mkdir(parents=True)
    (tmp_path / "run-other").mkdir()
    for path in (tmp_path / "secret", tmp_path / "run-other" / "a", folder / "model" / "a"):
        path.write_text(path.name)
    (folder / "inside").symlink_to(folder / "model" / "a")
    (folder / "inner").symlink_to("model")
    assert read_regular(folder / "inside", most=9, within=folder) == b"a"
    assert read_regular(folder / "inner" / "a", most=9, within=folder) == b"a"
    (tmp_path / "latest").symlink_to(folder)
    assert read_regular(tmp_path / "latest" / "inside", most=9, within=tmp_path / "latest") == b"a"
    for number, target in enumerate((tmp_path / "secret", "../secret", "../run-other/a", "/dev/zero")):
        (folder / f"out{number}").symlink_to(target)
        with pytest.raises(DataError, match="leads out of its folder"):
            read_regular(folder / f"out{number}", most=9, within=folder)
    (folder / "away").symlink_to(tmp_path / "run-other")
    with pytest.raises(DataError, match="leads out of its folder"):
        read_regular(folder / "away" / "a", most=9, within=folder)
    with pytest.raises(DataError, match="leads out of its folder"):
        read_regular(folder / ".." / "secret", most=9, within=folder)


@posix
def test_a_link_that_is_put_there_after_the_look_is_not_followed(tmp_path, monkeypatch):
    folder, outside = tmp_path / "run", tmp_path / "outside"
    for one in (folder / "model", outside):
        one.mkdir(parents=True)
        (one / "a").write_text(one.name)
    real = os.path.realpath

    def then_swapped(path, **more):
        found = real(path, **more)
        if str(path).endswith("a") and not (folder / "model").is_symlink():
            (folder / "model").rename(folder / "was")
            (folder / "model").symlink_to(outside)
        return found

    monkeypatch.setattr(os.path, "realpath", then_swapped)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        read_regular(folder / "model" / "a", most=9, within=folder)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"nul"])
def test_damaged_json_is_named(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(DataError, match=r"a.json: damaged: .*Do: repeat the run"):
        read_regular_json(tmp_path / "a.json")


@posix
def test_writing_is_refused_where_a_link_would_lead_it_out(tmp_path):
    folder = tmp_path / "run"
    (folder / "work" / "units").mkdir(parents=True)
    refuse_links_out(folder / "work", folder)
    refuse_links_out(folder / "none", folder)
    (folder / "work" / "again").symlink_to("units")
    refuse_links_out(folder / "work", folder)
    (folder / "work" / "units" / "out").symlink_to(tmp_path)
    with pytest.raises(DataError, match=r"units/out: leads out"):
        refuse_links_out(folder / "work", folder)


# --- nothing else opens for reading

OPENERS = {"open_regular", "open_regular_update", "open_regular_append", "open_model_file", "open_data", "open_archive"}
OPENERS |= {"_sound", "_predictions", "writing"}
"""Their names, and those of what adds a reader's own errors to them; `writing` gives a draft that is there already."""

READERS = {
    "np": {"load", "fromfile", "memmap", "loadtxt", "genfromtxt"},
    "pd": {"read_parquet", "read_csv", "read_json", "read_table"},
    "pq": {"ParquetFile", "read_table", "ParquetDataset"},
    "zipfile": {"ZipFile", "is_zipfile"},
    "gzip": {"open", "GzipFile"},
    "tarfile": {"open", "is_tarfile"},
    "Image": {"open"},
    "os": {"open"},
    "tomllib": {"load"},
    "json": {"load"},
}
"""Calls that read a path, and may read a file that is open."""

NO_PATHS = {"archive", "target", "shards", "setting.traits.storage"}
"""What has an `open` of its own: zip files that are open, shards of a cluster, the storage of a kind of data."""

ALLOWED = {
    "regular_files.py": "the one place",
    "storage.py": "a folder, to make its names durable",
    "record/bundle/probe_process.py": "the kernel's own files about this process",
    "data/kinds/mail/reader_process.py": "the kernel's own files about this process",
    "reproduce/california.py": "the order of the rows, of the package",
    "memory.py": "the kernel's own files about this process",
    "data/kinds/mail/kind.py": "rows as the kind of tables opens them",
    "data/streamed/memory_budget.py": "the kernel's own files about memory",
    "show/document.py": "templates of the package",
    "show/script.py": "scripts of the package",
    "program/tree_models/catboost.py": "what CatBoost has just written of a fitted model",
}


def openings(tree, held=frozenset()):
    """Give line and text of each call that reads a file by its path, given the names of files that are open."""
    held = held | set(_open_files(tree))
    for node in _inside(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from openings(node, held)
        elif isinstance(node, ast.Call) and _may_read(node) and not _is_open(node, held):
            yield node.lineno, ast.unparse(node)


def _inside(tree):
    """All nodes below, those inside of functions left to their own turn."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from _inside(node)


def _open_files(tree):
    for node in _inside(tree):
        if isinstance(node, ast.withitem) and _opens(node.context_expr):
            yield getattr(node.optional_vars, "id", "")
        elif isinstance(node, ast.Assign) and _opens(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation and "IO" in ast.unparse(node.annotation):
            yield node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)


def _opens(call):
    """A call of an opener, or one that an exit stack enters; `archive.open(member)` opens what is open already."""
    if not isinstance(call, ast.Call):
        return False
    name = ast.unparse(call.func)
    if name.endswith("enter_context") or name == "open_archive":
        return bool(call.args) and (_opens(call.args[0]) or name == "open_archive")
    return name in OPENERS or name in {"io.BytesIO", "archive.open", "zipfile.ZipFile"}


def _may_read(call):
    func = call.func
    if not isinstance(func, ast.Attribute):
        return isinstance(func, ast.Name) and func.id == "open"
    owner = ast.unparse(func.value)
    if owner in READERS:
        return func.attr in READERS[owner]
    if func.attr in {"read_text", "read_bytes"}:
        return True
    return func.attr == "open" and owner not in NO_PATHS and not _writes(call)


def _writes(call):
    """The mode, first argument of a path's own `open`, makes the file, empties it or adds to it."""
    mode = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else "r"
    return mode[0] in "wxa"


def _is_open(call, held):
    values = [*call.args, *(word.value for word in call.keywords)]
    first = values[0] if values else None
    first = first.value if isinstance(first, ast.Subscript) else first
    return _opens(first) or getattr(first, "id", None) in held


def test_nothing_else_opens_a_file_to_read_it():
    found = {}
    for file in PACKAGE.rglob("*.py"):
        found[file.relative_to(PACKAGE).as_posix()] = list(openings(ast.parse(file.read_text("utf-8"))))
    assert {name: calls for name, calls in found.items() if calls and name not in ALLOWED} == {}
    assert [name for name in ALLOWED if not found[name]] == []


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "path.open('rb')",
        "path.open()",
        "path.open('r+b')",
        "path.read_text()",
        "(folder / 'a').read_bytes()",
        "np.load(path)",
        "np.load(folder / 'a.npy', mmap_mode='r')",
        "pd.read_parquet(path)",
        "pq.ParquetFile(path)",
        "pq.read_table(path)",
        "zipfile.ZipFile(path)",
        "Image.open(path)",
        "gzip.open(path)",
        "os.open(path, os.O_RDONLY)",
        "def f(path):\n    with path.open('rb') as file:\n        np.load(file)",
        "def f(path):\n    return lambda: np.load(path)",
        "def f(path):\n    with open_regular(path) as file:\n        pass\ndef g(file):\n    np.load(file)",
    ],
)
def test_the_gate_sees_what_it_must(source):
    assert list(openings(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "def f(path):\n    with open_regular(path) as file:\n        np.load(file)",
        "def f(path):\n    with open_regular(path) as file:\n        return [np.load(file) for _ in range(2)]",
        "def f(file: BinaryIO):\n    return zipfile.ZipFile(file)",
        "np.load(io.BytesIO(content))",
        "def f(path):\n    with writing(path) as draft, draft.open('wb') as file:\n        pass",
    ],
)
def test_the_gate_lets_pass_what_it_may(source):
    assert not list(openings(ast.parse(source)))
