"""Where labelled data come from: one loader a file, all giving a Dataset."""

from tenfold.data.sources.arrays import from_arrays
from tenfold.data.sources.catalogue import KNOWN_SOURCES, KnownSource
from tenfold.data.sources.load import load

__all__ = ["KNOWN_SOURCES", "KnownSource", "from_arrays", "load"]
