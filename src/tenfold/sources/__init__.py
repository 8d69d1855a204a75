"""Where labelled data come from: one loader a file, all giving a Dataset."""

from tenfold.sources.arrays import from_arrays
from tenfold.sources.catalogue import KNOWN, KnownSource
from tenfold.sources.load import load

__all__ = ["KNOWN", "KnownSource", "from_arrays", "load"]
