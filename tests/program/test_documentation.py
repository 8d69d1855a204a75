"""The list of operations in ARCHITECTURE.md is the one that programs are read by."""

from __future__ import annotations

import re
from pathlib import Path

from tenfold.program.operations import OPERATIONS, find_operation


def test_architecture_lists_every_operation_with_its_summary() -> None:
    text = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text()
    listed = dict(re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \|$", text, re.MULTILINE))
    assert listed == {name: find_operation(name).summary for name in OPERATIONS}
