"""Images: n of one height and width, ndarray of uint8, shape (n, height, width) or (n, height, width, 3)."""

from __future__ import annotations

from typing import Any

from tenfold.data.kinds.image import content
from tenfold.data.kinds.image.schema import ImageSchema
from tenfold.data.kinds.image.shift import DIRECTIONS, refuse_shift, with_shifts
from tenfold.data.kinds.kind import Augmentation, Kind, Need
from tenfold.data.kinds.storage import ARRAY
from tenfold.program.values import Pixels

__all__ = ["KIND"]


# Only here: whoever prepares nothing need not load scikit-learn.
def _prepare(layout: None, need: Need) -> list[tuple[str, Any]]:
    from tenfold.data.kinds.image.preparation import prepare

    return prepare(layout, need)


def _fit_bytes(pipeline: Any, rows: int, values: int) -> int:
    from tenfold.data.kinds.image.preparation import pixels_held

    return pixels_held(pipeline, rows, values)


KIND = Kind(
    name="image",
    nouns=("image", "images"),
    validate=content.validate,
    size=content.size,
    ids=content.ids,
    storage=ARRAY,
    prepare=_prepare,
    width=content.width,
    values=content.values,
    text=content.text,
    line_up=("logistic", "forest", "knn", "svm"),
    image_shape=content.image_shape,
    one_scale=True,
    measure="pixels",
    pictures=content.pictures,
    part="patch",
    parts=content.parts,
    shuffle=content.shuffle,
    schema=ImageSchema.of,
    read_schema=ImageSchema.from_dict,
    program_input=lambda schema: Pixels(tuple(schema.as_dict()["shape"])),
    augmentations={
        "shift": Augmentation(
            copies=1 + len(DIRECTIONS),
            does="moves images",
            words="one-pixel shifts",
            apply=with_shifts,
            refuse=refuse_shift,
            fit_bytes=_fit_bytes,
        )
    },
)
