"""The sources that are known by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["KNOWN", "NAMES", "KnownSource"]


@dataclass(frozen=True)
class KnownSource:
    """A source with a name: what it holds and where it comes from, one line each."""

    name: str
    summary: str
    origin: str

    def present(self, data_dir: Path | None = None) -> bool:
        """Say whether it can be loaded here without a network (local files or the cache; their content unchecked)."""
        if self.name == "digits":
            return True
        from tenfold.data.sources import mnist

        wanted = mnist.MNIST if self.name == "mnist" else mnist.FASHION_MNIST
        cached = (mnist.cache_folder() / f"{self.name}.npz").is_file()
        return mnist.find_local(wanted, data_dir) is not None or cached


KNOWN: tuple[KnownSource, ...] = (
    KnownSource("digits", "1,797 handwritten digits, 8 x 8 pixels, 10 classes", "bundled with scikit-learn"),
    KnownSource("mnist", "70,000 handwritten digits, 28 x 28 pixels, 10 classes", "local files, else openml.org"),
    KnownSource("fashion_mnist", "70,000 pictures of clothes, 28 x 28 pixels", "local files, else openml.org"),
)

NAMES: tuple[str, ...] = tuple(known.name for known in KNOWN)
