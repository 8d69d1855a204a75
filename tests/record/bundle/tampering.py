"""Take a bundle apart and put it together again with everything that a forger would redo: hashes, sizes, names."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.record.bundle.classifier_files import FORMAT
from tenfold.record.bundle.manifest import Member, changed_manifest, read_manifest

Members = dict[str, bytes]


def members_of(folder: Path) -> Members:
    """Unpack the pipeline file of a bundle folder."""
    with zipfile.ZipFile(pipeline_file(folder)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pipeline_file(folder: Path) -> Path:
    return next(folder.glob("pipeline-*.skops"))


def packed(members: Members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def forge(source: Path, target: Path, role: str, content: bytes) -> Path:
    """Copy a bundle with one member exchanged, and a manifest whose hashes are right."""
    manifest = read_manifest(source, FORMAT)
    target.mkdir(parents=True)
    for other, member in manifest.members.items():
        if other != role:
            (target / member.file).write_bytes((source / member.file).read_bytes())
    digest = hashlib.sha256(content).hexdigest()
    suffix = manifest.members[role].file.rpartition(".")[2]
    member = Member(f"{role}-{digest[:16]}.{suffix}", len(content), digest)
    (target / member.file).write_bytes(content)
    changed = changed_manifest(FORMAT, manifest, {}, {**manifest.members, role: member})
    (target / "manifest.json").write_bytes(changed.encode())
    return target


def with_description(folder: Path, change: Callable[[Any], Any]) -> bytes:
    """Give the pipeline file with its description changed."""
    members = members_of(folder)
    description = json.loads(members["schema.json"])
    members["schema.json"] = json.dumps(change(description) or description).encode()
    return packed(members)


def nodes(description: Any) -> Iterator[dict[str, Any]]:
    """Every node of a description, root first."""
    stack = [description]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("__loader__"), str):
                yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def array_of(content: bytes) -> np.ndarray:
    return np.load(io.BytesIO(content), allow_pickle=False)


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
