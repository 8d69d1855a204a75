"""
A fitted denoiser as a folder of files that execute no code: ``manifest.json`` and one zip of plain arrays.

The arrays are what the denoiser is made of, and a few golden images with what it made of them when it was saved;
they are asked again at every load.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tenfold.denoising.catalogue import CATALOGUE, Denoiser, entry_of
from tenfold.errors import ModelError
from tenfold.record.bundle.archive import open_archive
from tenfold.record.bundle.arrays import check_header, read_array
from tenfold.record.bundle.bounded_json import read_json
from tenfold.record.bundle.limits import UNPACKED_BYTES
from tenfold.record.bundle.manifest import DENOISER, MANIFEST, names_format, now, open_model_file, versions_now
from tenfold.record.bundle.refusal import demand, refusing
from tenfold.storage import make_folder, storage_faults, write_whole
from tenfold.tasks.images.candidates import restored_images

__all__ = ["SavedDenoiser", "find_denoiser", "is_denoiser", "load_denoiser", "save_denoiser"]

VERSION = 1
_GOLDEN = ("golden_noisy", "golden_restored")
_GOLDEN_IMAGES = 8
_FASTEST = 1
_MANIFEST_BYTES = 1 << 20
_KEYS = {"format", "version", "created", "versions", "candidate", "shape", "peak", "noise", "provenance", "member"}


@dataclass(frozen=True, eq=False)
class SavedDenoiser:
    """
    A fitted denoiser that a person can ask: it checks what it is given.

    Parameters
    ----------
    candidate : str
    model : Denoiser
    shape : tuple of int
        Height and width in pixels (and 3 for colour) of its images.
    peak : int
        Grey level of white.
    noise : str
        What it was trained to take away.
    provenance : mapping
        Where it came from; plain values for JSON.
    """

    candidate: str
    model: Denoiser
    shape: tuple[int, ...]
    peak: int
    noise: str
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def restore(self, noisy: NDArray[np.int16]) -> NDArray[np.uint8]:
        """
        Restore images.

        Parameters
        ----------
        noisy : ndarray of int16, shape (n, *shape)
            On the scale of the images it was trained on, 0 to `peak` before the noise.

        Returns
        -------
        ndarray of uint8, of the same shape
        """
        given = restored_images(self.candidate, self.model, noisy, self.peak)
        return np.clip(given, 0, self.peak).astype(np.uint8)


def save_denoiser(saved: SavedDenoiser, folder: Path, golden: NDArray[np.int16]) -> None:
    """
    Write a denoiser into a folder; each file whole or not at all, the manifest last.

    Parameters
    ----------
    saved : SavedDenoiser
    folder : Path
        Such as ``runs/x/model``; made if missing.
    golden : ndarray of int16, shape (n, *shape)
        Noisy images of which a few are kept with what becomes of them.
    """
    few = golden[np.linspace(0, len(golden) - 1, min(_GOLDEN_IMAGES, len(golden))).round().astype(np.int64)]
    content = _packed({**saved.model.arrays(), "golden_noisy": few, "golden_restored": saved.restore(few)})
    digest = hashlib.sha256(content).hexdigest()
    member = {"file": f"arrays-{digest[:16]}.npz", "bytes": len(content), "sha256": digest}
    manifest = {
        "format": DENOISER,
        "version": VERSION,
        "created": now(),
        "versions": versions_now(),
        "candidate": saved.candidate,
        "shape": list(saved.shape),
        "peak": saved.peak,
        "noise": saved.noise,
        "provenance": dict(saved.provenance),
        "member": member,
    }
    make_folder(folder)
    write_whole(folder / str(member["file"]), content)
    write_whole(folder / MANIFEST, _signed(manifest))
    for old in folder.glob("arrays-*.npz"):
        if old.name != member["file"]:
            old.unlink(missing_ok=True)


def _packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A zip of .npy files as `numpy.load` reads it, with plain headers and nothing between the members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as archive:
        for name, values in arrays.items():
            file = io.BytesIO()
            np.lib.format.write_array(file, np.ascontiguousarray(values), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), file.getbuffer(), zipfile.ZIP_DEFLATED, _FASTEST)
    return packed.getvalue()


def _signed(manifest: Mapping[str, Any]) -> bytes:
    """JSON that carries its own SHA-256."""
    return _encoded({**manifest, "sha256": hashlib.sha256(_encoded(manifest)).hexdigest()})


def _encoded(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def find_denoiser(path: Path) -> Path | None:
    """Give the model folder of a run folder or of a model folder; None where there is no denoiser."""
    for folder in (path / "model", path):
        with storage_faults(folder):
            if (folder / MANIFEST).is_file() and names_format(folder / MANIFEST, DENOISER, path):
                return folder
    return None


def is_denoiser(path: Path) -> bool:
    """Whether a run folder or a model folder holds a denoiser."""
    return find_denoiser(path) is not None


def load_denoiser(path: Path) -> SavedDenoiser:
    """
    Load a denoiser from a run folder or its model folder, or refuse it; no code in it is ever executed.

    Every load compares the SHA-256 of both files, and asks the golden images again.

    Raises
    ------
    ModelError
        It is no denoiser, was changed, or restores otherwise than when it was written.
    """
    folder = find_denoiser(path)
    if folder is None:
        if any(
            names_format(one / MANIFEST, within=path) for one in (path / "model", path) if (one / MANIFEST).is_file()
        ):
            raise ModelError(
                "this model is a classifier: it cleans no images", where=path, do="give it to tenfold predict"
            )
        raise ModelError(
            "there is no denoiser here", where=path, do="give the run folder of a tenfold denoise, or its model folder"
        )
    with storage_faults(folder), refusing(folder):
        manifest = _read_manifest(folder)
        try:
            with open_model_file(folder / manifest["member"]["file"], most=UNPACKED_BYTES) as file:
                _same_bytes(file, manifest["member"])
                arrays = _read_arrays(file)
        except FileNotFoundError as fault:
            raise ModelError(f"its file {manifest['member']['file']} is missing", where=folder) from fault
        return _checked(manifest, arrays)


def _read_manifest(folder: Path) -> dict[str, Any]:
    with open_model_file(folder / MANIFEST, most=_MANIFEST_BYTES) as file:
        raw = file.read()
    plain = read_json(raw, MANIFEST)
    demand(isinstance(plain, dict) and plain.get("format") == DENOISER, "it is not the manifest of a denoiser")
    demand(plain.get("version") == VERSION, f"format version {plain.get('version')}, this Tenfold reads {VERSION}")
    demand(set(plain) == {*_KEYS, "sha256"}, "its entries are not those of a manifest")
    own = {key: value for key, value in plain.items() if key != "sha256"}
    demand(raw == _signed(own), "its manifest was changed after it was written")
    name = plain["member"]["file"]
    demand(name == f"arrays-{plain['member']['sha256'][:16]}.npz" and name.isascii(), "its file has an odd name")
    demand("/" not in name and "\\" not in name, "its file has an odd name")
    demand(plain["candidate"] in CATALOGUE, "it is a denoiser that this Tenfold does not know")
    return dict(plain)


def _same_bytes(file: io.BufferedReader, member: Mapping[str, Any]) -> None:
    real = hashlib.file_digest(file, "sha256").hexdigest()
    demand(file.tell() == member["bytes"] and real == member["sha256"], f"{member['file']} was changed")
    file.seek(0)


def _read_arrays(file: BinaryIO) -> dict[str, NDArray[Any]]:
    with open_archive(file) as archive:
        names = archive.namelist()
        for name in names:
            check_header(archive, name)
        return {name.removesuffix(".npy"): read_array(archive, name) for name in names}


def _checked(manifest: Mapping[str, Any], arrays: dict[str, NDArray[Any]]) -> SavedDenoiser:
    shape = tuple(int(side) for side in manifest["shape"])
    noisy, then = (arrays.pop(name) for name in _GOLDEN)
    demand(noisy.dtype == np.int16 and noisy.shape[1:] == shape == then.shape[1:], "its golden images do not fit")
    demand(0 < len(noisy) <= _GOLDEN_IMAGES and then.shape == noisy.shape, "its golden images are too many or too few")
    demand(manifest["peak"] in range(1, 256), "its white is no grey level")
    model = entry_of(manifest["candidate"]).read(arrays)
    saved = SavedDenoiser(
        manifest["candidate"], model, shape, int(manifest["peak"]), str(manifest["noise"]), manifest["provenance"]
    )
    now_restored = saved.restore(noisy)
    # Sums in another order, on another processor, may round a value to the neighbouring grey level.
    apart = int(np.abs(now_restored.astype(np.int16) - then).max(initial=0))
    demand(apart <= 1, f"it restores a golden image otherwise than it did (by {apart} grey levels)")
    return saved
