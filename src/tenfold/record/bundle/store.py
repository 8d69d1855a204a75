"""
One store for every saved model: a folder of files that execute no code.

The folder holds ``manifest.json``, and one file a role named by its content, such as ``pipeline-<hash>.skops``. A save
writes new members beside the old ones and then puts the new manifest in place of the old one: at any instant the
manifest names a complete set. Members that it no longer names are removed last.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tenfold.errors import ModelError
from tenfold.program.limits import UNPACKED_BYTES
from tenfold.program.refusal import Refused, demand, not_a_model, refusing
from tenfold.record.bundle.codecs.codec import Codec, Content, Tolerance
from tenfold.record.bundle.manifest import (
    LIBRARIES,
    MANIFEST,
    Manifest,
    ManifestForm,
    Member,
    changed_manifest,
    format_of,
    new_manifest,
    open_model_file,
    read_manifest,
    versions_now,
)
from tenfold.record.bundle.probe import is_known, probe, remember
from tenfold.storage import make_folder, remove_leftovers, storage_faults, write_whole

__all__ = [
    "Contents",
    "File",
    "LoadedModel",
    "ModelFormat",
    "Verification",
    "load_checked",
    "rewrite",
    "save_model",
    "verify_model",
]


@dataclass(frozen=True)
class File:
    """A file of a model to be written: its ending, which names its codec, and its content."""

    ending: str
    content: bytes


@dataclass(frozen=True, eq=False)
class Contents:
    """
    What the files of a model hold, found harmless; nothing of it has been built.

    Parameters
    ----------
    model : Content
        As its codec gave it.
    codec : Codec
        That builds the model, and states how closely its golden rows are compared.
    golden : object
        The golden rows with their predictions, as the format reads them.
    """

    model: Content
    codec: Codec
    golden: Any

    @property
    def tolerance(self) -> Tolerance:
        """How closely the golden rows are compared."""
        return self.model.tolerance or self.codec.tolerance


class ModelFormat(ManifestForm, Protocol):
    """
    What one sort of model writes and checks beside what the store does for all.

    Its module holds it as ``FORMAT``, by which a child process finds it.
    """

    def encode(self, model: Any, golden: Any) -> tuple[dict[str, Any], dict[str, File]]:
        """
        Return a model's own entries of the manifest with its provenance, in order, and its files by role.

        Parameters
        ----------
        model : object
        golden : object
            Rows that are kept with what the model predicts for them.

        Raises
        ------
        ModelError
            No file can keep it.
        """
        ...

    def read(self, content: Mapping[str, Any]) -> Any:
        """Return the entries of a manifest as types, or refuse them; no other file has been opened yet."""
        ...

    def check(self, entries: Any, members: Mapping[str, Member], files: Mapping[str, BinaryIO]) -> Contents:
        """Judge the open files of a model, of any content but of the manifest's SHA-256, and build nothing of them."""
        ...

    def build(self, entries: Any, contents: Contents) -> Any:
        """Build the model, while its files are still open."""
        ...

    def compare(self, model: Any, contents: Contents) -> bool:
        """Refuse a model that predicts otherwise than it did; tell whether it does so bit for bit."""
        ...

    def summary(self, contents: Contents, *, bit_equal: bool) -> tuple[str, str]:
        """Return what was checked of the manifest's own entries, and how the golden rows agree, in a few words."""
        ...


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model with what its loading has shown."""

    model: Any
    manifest: Manifest
    contents: Contents
    bit_equal: bool


@dataclass(frozen=True)
class Verification:
    """
    What was checked; a `Verification` exists only where every check passed.

    Parameters
    ----------
    folder : Path
        The model folder.
    checked : tuple of str
        One line a check, in order.
    then, now : mapping of str to str
        Library -> version when written, and in this process.
    differing : tuple of str
        Libraries whose versions differ.
    bit_equal : bool
        The golden predictions agree bit for bit, not only within the tolerance of the codec.
    model : object
        The one that was checked.
    """

    folder: Path
    checked: tuple[str, ...]
    then: Mapping[str, str]
    now: Mapping[str, str]
    differing: tuple[str, ...]
    bit_equal: bool
    model: Any


def save_model(
    model: Any, folder: Path, form: ModelFormat, golden: Any, history: Mapping[str, Any] | None = None
) -> None:
    """
    Write a model into a folder, whole or not at all; an older one of the same format there is replaced.

    Parameters
    ----------
    model : object
    folder : Path
        Such as ``runs/x/model``; made if missing.
    form : ModelFormat
    golden : object
        Rows that are kept with their predictions, to be predicted again at every load.
    history : mapping of str to object, optional
        Entries of the manifest that are those of an earlier form of the model.

    Raises
    ------
    ModelError
        No file can keep the model, or the folder holds something else.
    StorageError
        It cannot be written.
    """
    _refuse_other_content(folder, form)
    entries, files = form.encode(model, golden)
    members = {role: _member(role, file) for role, file in files.items()}
    _write(make_folder(folder), form, new_manifest(form, {**entries, **(history or {})}, members), files)


def rewrite(
    folder: Path, form: ModelFormat, old: Manifest, entries: Mapping[str, Any], files: Mapping[str, File]
) -> None:
    """Replace entries of a model's manifest and some of its files, all or none of it."""
    members = {**old.members, **{role: _member(role, file) for role, file in files.items()}}
    _write(folder, form, changed_manifest(form, old, entries, members), files)


def load_checked(folder: Path, form: ModelFormat, *, alone: bool = False, probing: bool = False) -> LoadedModel:
    """
    Load a model from its folder, or refuse it; no code in it is ever executed.

    Every load vets the files, compares the SHA-256 of each, and predicts the golden rows again; those of a model that
    was not written here, and not loaded here before, in a child process first, which takes two seconds.

    Parameters
    ----------
    folder : Path
        The model folder itself.
    form : ModelFormat
    alone : bool
        This process has nothing to lose: build the model here at once, wherever it comes from.
    probing : bool
        Predict the golden rows in a child process even where the model is known.

    Raises
    ------
    ModelError
        It was changed, is unsafe, or predicts otherwise than when it was written.
    """
    with storage_faults(folder):
        for attempt in range(3):
            manifest = read_manifest(folder, form)
            try:
                return _load(folder, form, manifest, alone=alone, probing=probing)
            except FileNotFoundError as fault:
                # another process may have replaced the model between our two looks at the folder
                if attempt == 2 or read_manifest(folder, form).members == manifest.members:
                    raise not_a_model(folder, f"its file {Path(fault.filename).name} is missing") from fault
    raise AssertionError("unreachable")


def verify_model(folder: Path, form: ModelFormat) -> Verification:
    """
    Check a stored model as `load_checked` does, after it has predicted its golden rows in a process of its own.

    Raises
    ------
    ModelError
        Any check fails, or the process dies.
    """
    loaded = load_checked(folder, form, probing=True)
    then = loaded.manifest.versions
    today = versions_now(then)
    members, content = loaded.manifest.members.values(), loaded.contents.model
    entries, agreement = form.summary(loaded.contents, bit_equal=loaded.bit_equal)
    checked = (
        f"manifest: format, own SHA-256, {entries}",
        f"files: size and SHA-256 of {len(members)} ({sum(m.bytes for m in members):,} bytes)",
        f"{'operations' if content.harmless else 'types'}: all {len(content.types)} on Tenfold's list",
        f"arrays: {content.arrays}, headers and indices",
        *(() if content.harmless else ("golden rows: answered by a process of its own",)),
        f"golden rows: {agreement}",
    )
    differing = tuple(name for name, number in then.items() if today.get(name) != number)
    return Verification(folder, checked, then, today, differing, loaded.bit_equal, loaded.model)


def _load(folder: Path, form: ModelFormat, manifest: Manifest, *, alone: bool, probing: bool) -> LoadedModel:
    with refusing(folder), ExitStack() as stack:
        entries = form.read(manifest.content)
        files = {role: stack.enter_context(_open_member(folder, one)) for role, one in manifest.members.items()}
        contents = form.check(entries, manifest.members, files)
        _check_versions(manifest, contents.model)
        if not contents.model.harmless and (probing or not (alone or is_known(manifest))):
            probe(folder, manifest.digest, type(form).__module__, _own_modules(entries, contents))
            remember(manifest)
        with _naming_versions(manifest):
            model = form.build(entries, contents)
            return LoadedModel(model, manifest, contents, form.compare(model, contents))


def _own_modules(entries: Any, contents: Contents) -> tuple[str, ...]:
    """Modules of a user's own that registered the codec, the task or the kind of data of a model."""
    parts = [contents.codec, *(entries.values() if isinstance(entries, Mapping) else vars(entries).values())]
    modules = {type(part).__module__ for part in parts}
    return tuple(sorted(name for name in modules if name.partition(".")[0] not in {"builtins", "tenfold", "__main__"}))


@contextmanager
def _open_member(folder: Path, member: Member) -> Iterator[io.BufferedReader]:
    """Open a file at its start whose size and SHA-256 are those of the manifest."""
    with open_model_file(folder / member.file, most=UNPACKED_BYTES) as file:
        size = file.seek(0, os.SEEK_END)
        demand(size == member.bytes, f"{member.file} has {size:,} bytes, its manifest says {member.bytes:,}")
        file.seek(0)
        real, claimed = hashlib.file_digest(file, "sha256").hexdigest(), member.sha256
        demand(real == claimed, f"{member.file} was changed: SHA-256 {real[:12]}, its manifest says {claimed!s:.12}")
        file.seek(0)
        yield file


def _check_versions(manifest: Manifest, content: Content) -> None:
    """The versions that the manifest claims are those that its file itself was written with."""
    for library, written in content.versions.items():
        claimed = manifest.versions.get(library)
        other = sorted(written - {str(claimed)})
        demand(not other, f"its manifest says {library} {claimed}, its pipeline {', '.join(other)}")


@contextmanager
def _naming_versions(manifest: Manifest) -> Iterator[None]:
    """Add to a refusal the versions that wrote the model and those that read it."""
    try:
        yield
    except Exception as fault:
        here = versions_now(manifest.versions)
        differing = [name for name, number in manifest.versions.items() if here.get(name) != number]
        names = differing or [next((name for name in LIBRARIES if name in here), "tenfold")]
        then = ", ".join(f"{name} {manifest.versions.get(name)}" for name in names)
        today = ", ".join(f"{name} {here.get(name)}" for name in names)
        raise Refused(f"{fault}; written with {then}, loaded with {today}"[:300]) from fault


def _write(folder: Path, form: ModelFormat, manifest: Manifest, files: Mapping[str, File]) -> None:
    with storage_faults(folder):
        for role, file in files.items():
            write_whole(folder / manifest.members[role].file, file.content)
        write_whole(folder / MANIFEST, manifest.encode())
        remember(manifest)
        _remove_unnamed(folder, form, manifest)


def _remove_unnamed(folder: Path, form: ModelFormat, manifest: Manifest) -> None:
    remove_leftovers(folder)
    named = {member.file for member in manifest.members.values()}
    ours = "|".join(f"{role}-[0-9a-f]{{16}}\\.({'|'.join(endings)})" for role, endings in form.roles.items())
    for file in folder.iterdir():
        if re.fullmatch(ours, file.name) and file.name not in named:
            file.unlink(missing_ok=True)


def _member(role: str, file: File) -> Member:
    digest = hashlib.sha256(file.content).hexdigest()
    return Member(f"{role}-{digest[:16]}.{file.ending}", len(file.content), digest)


def _refuse_other_content(folder: Path, form: ModelFormat) -> None:
    if folder.exists() and not folder.is_dir():
        raise ModelError("a file stands where the model folder should be", where=folder, do="choose another name")
    if (folder / MANIFEST).exists() and format_of(folder / MANIFEST, folder) != form.name:
        raise not_a_model(folder, "the manifest there is of something else")
