"""The sources that are known by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["KNOWN_SOURCES", "NAMES", "KnownSource"]


@dataclass(frozen=True)
class KnownSource:
    """A named source: its content and origin, one line each."""

    name: str
    summary: str
    origin: str

    def present(self, data_dir: Path | None = None) -> bool:
        """Return whether it can be loaded without a network, from local files or the cache; content is not checked."""
        if self.name == "digits":
            return True
        from tenfold.data.sources import mnist

        image_set = mnist.MNIST if self.name == "mnist" else mnist.FASHION_MNIST
        cached = (mnist.cache_folder() / f"{self.name}.npz").is_file()
        return mnist.find_local(image_set, data_dir) is not None or cached


KNOWN_SOURCES: tuple[KnownSource, ...] = (
    KnownSource("digits", "1,797 handwritten digits, 8 x 8 pixels, 10 classes", "bundled with scikit-learn"),
    KnownSource("mnist", "70,000 handwritten digits, 28 x 28 pixels, 10 classes", "local files, else openml.org"),
    KnownSource("fashion_mnist", "70,000 pictures of clothes, 28 x 28 pixels", "local files, else openml.org"),
)

NAMES: tuple[str, ...] = tuple(known.name for known in KNOWN_SOURCES)
