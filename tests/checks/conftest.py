import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data():
    """The folder of real data sets: TENFOLD_DATA, or shared/data beside the project."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TENFOLD_DATA", beside))
    if not (folder / "mnist").is_dir():
        pytest.skip(f"no real data: {folder} is missing (set TENFOLD_DATA)")
    return folder
