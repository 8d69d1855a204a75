"""Mail: messages as a DataFrame of n rows, with subject, body and structure as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tenfold.data.kinds.kind import Kind
from tenfold.data.kinds.mail import content
from tenfold.data.kinds.mail.preparation import SEARCH_SPACE, MailLayout, layout_of, prepare, values, width
from tenfold.data.kinds.mail.schema import MailSchema
from tenfold.data.kinds.mail.stored import StoredMessages, open_counts, write_counts
from tenfold.data.kinds.storage import TABLE, TERM_FILES, Storage

__all__ = ["KIND"]


def _write(folder: Path, X: Any) -> None:
    (write_counts if isinstance(X, StoredMessages) else TABLE.write)(folder, X)


def _open(folder: Path) -> Any:
    return open_counts(folder) if (folder / TERM_FILES[0]).exists() else TABLE.open(folder)


KIND = Kind(
    name="mail",
    nouns=("message", "messages"),
    validate=content.validate,
    size=content.size,
    ids=content.ids,
    storage=Storage((*TABLE.files, *TERM_FILES), _write, _open),
    prepare=prepare,
    search_space=SEARCH_SPACE,
    width=width,
    values=values,
    text=content.text,
    line_up=("word-bayes", "logistic", "linear-svm"),
    take=content.take,
    layout=layout_of,
    read_layout=lambda plain: MailLayout(**plain),
    # Each word is rare, so that a tenth of the messages more is worth a second fit; it takes seconds.
    folds=10,
    sparse=True,
    in_blocks=lambda layout: layout is not None and layout.hashed,
    table=content.table,
    slice_columns=("folder",),
    measure="words",
    text_columns=("subject", "body"),
    order=content.order,
    schema=lambda X, layout=None: MailSchema(),
    read_schema=MailSchema.from_dict,
    program_input=content.program_input,
    program_rows=content.program_rows,
)
