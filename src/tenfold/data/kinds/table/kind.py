"""Tables: DataFrames of n rows and one column a feature, numbers as int64 or float64, everything else as text."""

from __future__ import annotations

from tenfold.data.kinds.kind import Kind
from tenfold.data.kinds.storage import TABLE
from tenfold.data.kinds.table import content
from tenfold.data.kinds.table.checks import findings
from tenfold.data.kinds.table.order import order
from tenfold.data.kinds.table.preparation import coded, plain_layout, prepare, read_layout, unused, values, width
from tenfold.data.kinds.table.roles import infer_roles, layout_of_roles
from tenfold.data.kinds.table.schema import TableSchema

__all__ = ["KIND"]

KIND = Kind(
    name="table",
    nouns=("row", "rows"),
    validate=content.validate,
    size=content.size,
    ids=content.ids,
    storage=TABLE,
    prepare=prepare,
    width=width,
    values=values,
    text=content.text,
    line_up=("logistic", "forest", "boosting", "knn", "svm"),
    take=content.take,
    feature_names=content.feature_names,
    layout=plain_layout,
    read_layout=read_layout,
    roles=infer_roles,
    layout_of_roles=layout_of_roles,
    unused=unused,
    without=content.without,
    coded=coded,
    table=content.table,
    measure="scaled columns",
    findings=findings,
    part="column",
    parts=content.parts,
    shuffle=content.shuffle,
    repeats=2,
    order=order,
    schema=TableSchema.of,
    read_schema=TableSchema.from_dict,
    program_input=content.program_input,
    program_rows=content.program_rows,
    program_columns=TableSchema.program_columns,
)
