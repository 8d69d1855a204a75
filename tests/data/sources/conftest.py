import pytest


@pytest.fixture
def no_data(tmp_path, monkeypatch):
    """A machine without local data and with an empty cache."""
    monkeypatch.delenv("TENFOLD_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path
