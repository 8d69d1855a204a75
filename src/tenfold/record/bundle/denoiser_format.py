"""A denoiser as files: ``manifest.json``, its program, and a few golden images with what it made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tenfold.program.archive import open_archive
from tenfold.program.array_members import check_array_member, pack_members, read_array_member
from tenfold.program.limits import ARRAYS
from tenfold.program.program import Program
from tenfold.program.refusal import demand
from tenfold.program.values import Images, Matrix
from tenfold.record.bundle.codecs.codec import Tolerance
from tenfold.record.bundle.codecs.program import PROGRAM
from tenfold.record.bundle.denoiser import SavedDenoiser
from tenfold.record.bundle.golden import GOLDEN_ROWS
from tenfold.record.bundle.manifest import DENOISER, Member
from tenfold.record.bundle.store import Contents, File

__all__ = ["FORMAT", "GOLDEN", "DenoiserFormat", "GoldenImages", "check_golden"]

GOLDEN = ("golden_noisy", "golden_restored")
"""Names of the arrays of golden images."""
_TOLERANCE = Tolerance(relative=1e-9, steps=1)


@dataclass(frozen=True, eq=False)
class GoldenImages:
    """Noisy images, int16, and what the denoiser predicted for them when it was saved, uint8."""

    noisy: NDArray[np.int16]
    restored: NDArray[np.uint8]


class DenoiserFormat:
    """The format ``tenfold-denoiser``; see `ModelFormat`. What `read` returns is a manifest's content, checked."""

    name = DENOISER
    keys = frozenset({"candidate", "shape", "peak", "noise"})
    libraries: tuple[str, ...] = ("numpy",)
    roles: Mapping[str, tuple[str, ...]] = {"arrays": (PROGRAM.ending, "npz"), "golden": ("npz",)}
    """A file of arrays of before stands under the same role, so that the program takes its place."""

    def encode(self, model: SavedDenoiser, golden: NDArray[np.int16]) -> tuple[dict[str, Any], dict[str, File]]:
        """Return the entries of the manifest, and the two files."""
        entries = {
            "candidate": model.candidate,
            "shape": list(model.shape),
            "peak": model.peak,
            "noise": model.noise,
            "provenance": dict(model.provenance),
        }
        content = pack_members(dict(zip(GOLDEN, (golden, model.restore(golden)), strict=True))).getvalue()
        return entries, {
            "arrays": File(PROGRAM.ending, PROGRAM.encode(model.program)),
            "golden": File("npz", content),
        }

    def read(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse entries that are none of a denoiser's; their shape is compared with the golden images."""
        candidate, shape = content["candidate"], content["shape"]
        demand(isinstance(candidate, str) and 0 < len(candidate) <= 100, "its denoiser has no name")
        demand(isinstance(shape, list) and all(type(side) is int for side in shape), "its images have no shape")
        demand(type(content["peak"]) is int and 0 < content["peak"] < 256, "its white is no grey level")
        demand(isinstance(content["noise"], str), "its noise is no text")
        return content

    def check(
        self, entries: Mapping[str, Any], members: Mapping[str, Member], files: Mapping[str, BinaryIO]
    ) -> Contents:
        """Read the golden images and the program."""
        demand(members["arrays"].file.endswith(f".{PROGRAM.ending}"), "it has no program")
        shape = tuple(entries["shape"])
        with open_archive(files["golden"], ARRAYS) as archive:
            demand(sorted(archive.namelist()) == [f"{name}.npy" for name in GOLDEN], "it has no golden images")
            for name in GOLDEN:
                check_array_member(archive, f"{name}.npy")
            noisy, restored = (read_array_member(archive, f"{name}.npy") for name in GOLDEN)
        content = PROGRAM.check(files["arrays"])
        refuse_other_program(content.parts, shape)
        return Contents(content, PROGRAM, check_golden(noisy, restored, shape))

    def build(self, entries: Mapping[str, Any], contents: Contents) -> SavedDenoiser:
        """Return the denoiser."""
        return SavedDenoiser(
            entries["candidate"],
            contents.model.parts,
            tuple(entries["shape"]),
            entries["peak"],
            entries["noise"],
            entries["provenance"],
        )

    def compare(self, model: SavedDenoiser, contents: Contents) -> bool:
        """
        Refuse a denoiser that predicts other golden images than it did.

        Sums in another order, on another processor, may round a value to the neighbouring grey level.
        """
        golden = contents.golden
        apart = int(np.abs(model.restore(golden.noisy).astype(np.int16) - golden.restored).max(initial=0))
        demand(apart <= _TOLERANCE.steps, f"it restores a golden image otherwise than it did (by {apart} grey levels)")
        return apart == 0

    def summary(self, contents: Contents, *, bit_equal: bool) -> tuple[str, str]:
        """Return the words of a verification."""
        return "candidate, shape", f"same images, {'bit for bit' if bit_equal else 'within one grey level'}"


FORMAT = DenoiserFormat()


def check_golden(noisy: NDArray[Any], restored: NDArray[Any], shape: tuple[int, ...]) -> GoldenImages:
    """Refuse golden images of another type, shape or number."""
    fit = noisy.dtype == np.int16 and restored.dtype == np.uint8 and noisy.shape == restored.shape
    demand(fit and noisy.shape[1:] == shape, "its golden images do not fit")
    demand(0 < len(noisy) <= GOLDEN_ROWS, "its golden images are too many or too few")
    return GoldenImages(noisy, restored)


def refuse_other_program(program: Program, shape: tuple[int, ...]) -> None:
    """Refuse a program that does not make one value of each value of images of a shape."""
    predicted = program.types[program.outputs.predicted]
    values = int(np.prod(shape))
    fit = program.input == Images(shape) and predicted == Matrix("float64", values)
    demand(fit, "its program restores no images of its shape")
