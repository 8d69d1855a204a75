"""Denoisers written as they were before: one zip of the arrays of an estimator, signed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.program.operations.images.nearest_images import narrow_noise
from tenfold.record.bundle.denoiser_format import GOLDEN
from tenfold.record.bundle.former_denoisers import FORMAT
from tenfold.record.bundle.manifest import MANIFEST, Member, new_manifest


def arrays_of(name: str, fitted: Any) -> dict[str, np.ndarray]:
    """The arrays that a fitted denoiser of the catalogue had."""
    if name == "median":
        return {"brighter": np.array([fitted.brightness_])}
    if name == "ridge":
        return {"weights": fitted.coef_, "offset": fitted.intercept_}
    if name == "baseline":
        return {}
    return {"clean": fitted.clean_, "added": narrow_noise(fitted.noisy_ - fitted.clean_)}


def packed(arrays: dict[str, np.ndarray]) -> bytes:
    """A zip of arrays, compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, values in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(values), version=(1, 0))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED, 1)
    return file.getvalue()


def save_formerly(folder: Path, name: str, fitted: Any, noisy: Any, restored: Any, peak: int = 255) -> Path:
    """Write a denoiser with its golden images, as Tenfold did before denoisers were programs."""
    content = packed({**arrays_of(name, fitted), **dict(zip(GOLDEN, (noisy, restored), strict=True))})
    digest = hashlib.sha256(content).hexdigest()
    member = Member(f"arrays-{digest[:16]}.npz", len(content), digest)
    entries = {"candidate": name, "shape": list(noisy.shape[1:]), "peak": peak, "noise": "gaussian:25"}
    manifest = new_manifest(FORMAT, {**entries, "provenance": {"data": "bars"}}, {"arrays": member})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / member.file).write_bytes(content)
    (folder / MANIFEST).write_bytes(manifest.encode())
    return folder
