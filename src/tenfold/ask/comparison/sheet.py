"""The images that one classifier fixes and breaks of another, on one sheet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from tenfold.ask.comparison.compare import Comparison
from tenfold.data.checks.contact_sheet import contact_sheet
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["exchange_sheet"]

_SHOWN = 20


def exchange_sheet(comparison: Comparison, instances: Dataset) -> Image.Image:
    """
    Draw up to 20 images that only the second classifier has right in one row, those only the first has in another.

    Parameters
    ----------
    comparison : Comparison
    instances : Dataset
        The training rows of the first run.

    Raises
    ------
    UsageError
        The instances are no images, or none is fixed or broken.
    """
    if instances.kind != "image":
        raise UsageError(
            f"a sheet shows images; {shown(instances.name)} holds none", do="give --csv instead of --sheet"
        )
    exchange = comparison.exchange
    positions = np.append(exchange.fixed, exchange.broken)
    if not len(positions):
        raise UsageError("no image is fixed or broken, so there is nothing to put on a sheet")
    changed = ["fixed"] * len(exchange.fixed) + ["broken"] * len(exchange.broken)
    part = instances.take(comparison.in_first[positions])
    return contact_sheet(replace(part, y=np.array(changed, dtype=object)), per_class=_SHOWN)
