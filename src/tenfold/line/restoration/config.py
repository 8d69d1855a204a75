"""Everything that can be asked of a denoising run, as one frozen value and as ``config.toml``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tenfold.record.config import FORMAT, checked, read_table, set_plain_values, written_values

__all__ = ["DenoiseConfig", "read_denoise_config"]


@dataclass(frozen=True)
class DenoiseConfig:
    """
    What is asked of a denoising run; None leaves the choice to Tenfold, which writes down what it chose.

    Parameters
    ----------
    source : str
        Name or path of the clean images.
    data_dir : str, optional
        Folder with the files of a named source.
    resize : str, optional
        Size that images of a folder are brought to, ``HxW``.
    colour : bool
        Keep colour.
    skip_bad : bool
        Pass over unreadable images and name them.
    noise : str, optional
        What is put on the images; see `tenfold.tasks.images.noise.FORMS`.
    models : tuple of str, optional
        Candidates.
    cv : int, optional
        Folds.
    size : int, optional
        Learn from so many training images only, drawn at random.
    test_size : float
        Share of rows set apart, where the source has no test part.
    seed : int
        Of everything random.

    Examples
    --------
    >>> DenoiseConfig("mnist").as_dict()
    {'source': 'mnist', 'colour': False, 'skip_bad': False, 'test_size': 0.2, 'seed': 42}
    """

    source: str
    data_dir: str | None = None
    resize: str | None = None
    colour: bool = False
    skip_bad: bool = False
    noise: str | None = None
    models: tuple[str, ...] | None = None
    cv: int | None = None
    size: int | None = None
    test_size: float = 0.2
    seed: int = 42
    private: bool = False

    def __post_init__(self) -> None:
        set_plain_values(self)

    def as_toml(self) -> str:
        """Give the text of ``config.toml``; what is None is left out."""
        import tomli_w

        return tomli_w.dumps({"format": FORMAT, "denoise": self.as_dict()})

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON and TOML; what is None is left out."""
        values = {key: value for key, value in asdict(self).items() if value is not None}
        return written_values(values)


def read_denoise_config(path: Path, within: Path | None = None) -> DenoiseConfig:
    """
    Read ``config.toml``, of a run inside its folder.

    Raises
    ------
    UsageError
        Not TOML, an unknown key, a value of the wrong type, or a newer format; the message names it.
    """
    return DenoiseConfig(**checked(read_table(path, "denoise", within), DenoiseConfig, path))
