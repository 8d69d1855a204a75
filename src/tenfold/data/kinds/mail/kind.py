"""Mail: messages as a DataFrame of n rows, with subject, body and structure as text."""

from __future__ import annotations

from tenfold.data.kinds.kind import Kind
from tenfold.data.kinds.mail import content
from tenfold.data.kinds.mail.preparation import SEARCH_SPACE, MailLayout, layout_of, prepare, values, width
from tenfold.data.kinds.mail.schema import MailSchema
from tenfold.data.kinds.storage import TABLE

__all__ = ["KIND"]

KIND = Kind(
    name="mail",
    nouns=("message", "messages"),
    validate=content.validate,
    size=content.size,
    ids=content.ids,
    storage=TABLE,
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
