"""Limits on a model file, each some ten times what the largest offered model needs."""

from __future__ import annotations

__all__ = ["DEPTH", "JSON_BYTES", "JSON_TOKENS", "MEMBERS", "RATIO", "RATIO_FREE_BYTES", "UNPACKED_BYTES"]

UNPACKED_BYTES = 1 << 30
"""Sum of the unpacked members: 100 trees grown on MNIST take 145 MB, 60,000 images as float32 188 MB."""

MEMBERS = 10_000
"""Files inside the zip: 100 trees take 502, boosting of 10 classes x 100 rounds some 3,000."""

JSON_BYTES = 16 << 20
"""A JSON file: the description of 100 trees takes 1.6 MB, that of 1,000 boosted trees some 5 MB."""

JSON_TOKENS = 500_000
"""Brackets and commas of a JSON file (35,000 for 100 trees): what a parser makes objects of, hence its memory."""

DEPTH = 200
"""Brackets inside brackets; skops and json recurse at each."""

RATIO = 100
"""Unpacked bytes a packed one, for the whole file: arrays of real models pack 2 to 20 times."""

RATIO_FREE_BYTES = 64 << 20
"""Below this unpacked size the ratio does not matter (a matrix of zeros packs a thousand times)."""
