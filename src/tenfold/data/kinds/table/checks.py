"""What is suspicious about the columns of a table."""

from __future__ import annotations

from tenfold.data.checks.cells import TEXT_OF_OTHER_THINGS
from tenfold.data.checks.columns import check_columns
from tenfold.data.checks.finding import Finding
from tenfold.data.checks.leaks import leaking_columns
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import Targets
from tenfold.data.kinds.table.roles import infer_roles

__all__ = ["findings"]

_READ = ("date", "number with", "text", "tags")
_READ_ALL_THE_SAME = (TEXT_OF_OTHER_THINGS | {"id-column"}) - {"missing-mark"}
"""Of columns of text that have a role of their own."""


def findings(data: Dataset, targets: Targets) -> list[Finding]:
    """
    Check each column by itself, then whether it alone gives a label away.

    Parameters
    ----------
    data : Dataset
        A table.
    targets : sequence of (str or None, ndarray of int64 of shape (n,))
        Name of the label, where a row has several, and class codes, -1 where there is no label.
    """
    read = {one.name for one in infer_roles(data.X) if one.role.startswith(_READ) or "taken as words" in one.warning}
    of_columns = [
        finding
        for finding in check_columns(data.X, data.rows, data.read_as_missing)
        if not (finding.column in read and finding.code in _READ_ALL_THE_SAME)
    ]
    # The number of a row tells the class where rows are in order of it; no candidate is given it.
    numbers = [finding.column for finding in of_columns if finding.code == "id-column"]
    table = data.X.drop(columns=[name for name in numbers if name is not None])
    return [*of_columns, *(leak for label, codes in targets for leak in leaking_columns(table, codes, label))]
