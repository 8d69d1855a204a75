"""A model that was kept as scikit-learn objects, written again as a program of arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data.kinds.kind import Kind, find_kind
from tenfold.errors import ModelError, UsageError
from tenfold.program.builder import NotLoweredError
from tenfold.program.program import Program
from tenfold.record.bundle.classifier_files import PROOF_ROWS, ClassifierFormat, load_classifier
from tenfold.record.bundle.lowering import lower_classifier
from tenfold.record.bundle.manifest import find_bundle, is_denoiser
from tenfold.record.bundle.store import save_model

__all__ = ["Conversion", "convert"]


@dataclass(frozen=True)
class Conversion:
    """
    What a conversion has done.

    Parameters
    ----------
    folder : Path
        The model folder that was written.
    operations : tuple of str
        Of the program, in order of name.
    rows : int
        Number of rows for which program and pipeline predicted the same.
    bytes_before, bytes_after : int
        Of all files of the model.
    """

    folder: Path
    operations: tuple[str, ...]
    rows: int
    bytes_before: int
    bytes_after: int


def convert(path: Path, out: Path | None = None) -> Conversion:
    """
    Write a saved model again, as a program of arrays that is proven to predict the same.

    The rows of the proof are the model's golden rows, and rows whose parts are drawn from them. Decision, provenance
    and earlier decisions stay as they are.

    Parameters
    ----------
    path : Path
        A run folder or a model folder.
    out : Path, optional
        The model folder to write; by default that of the model.

    Raises
    ------
    UsageError
        It is a program already.
    ModelError
        The model is refused, a part of it is no program of arrays, or the program predicts otherwise.
    """
    if is_denoiser(path):
        return _convert_denoiser(path, out)
    folder = find_bundle(path)
    out = out or folder
    loaded = load_classifier(path)
    if isinstance(loaded.model.model, Program):
        raise UsageError("this model is a program of arrays already", where=path)
    golden = loaded.contents.golden.X
    rows = _mixtures(find_kind(loaded.model.schema.as_dict()["kind"]), golden)
    try:
        classifier = lower_classifier(loaded.model, rows)
    except NotLoweredError as fault:
        raise ModelError(str(fault), where=path, do="keep it as it is: it loads where scikit-learn is") from fault
    # Before it is written: that may be in place of the old one.
    bytes_before = _bytes_in(folder)
    history = {key: loaded.manifest.content[key] for key in ("created", "previous_decisions")}
    save_model(classifier, out, ClassifierFormat("program"), golden, history)
    program: Program = classifier.model
    return Conversion(out, program.operations, int(rows.shape[0]), bytes_before, _bytes_in(out))


def _convert_denoiser(path: Path, out: Path | None) -> Conversion:
    """Its program restores the golden images as it did, or it would not have been loaded."""
    # Only here: whoever converts a classifier need not load what restores images.
    from tenfold.record.bundle.denoiser_files import find_denoiser, load_denoiser_whole, save_denoiser

    loaded = load_denoiser_whole(path)
    if len(loaded.manifest.members) > 1:
        raise UsageError("this model is a program of arrays already", where=path)
    saved, golden = loaded.model, loaded.contents.golden.noisy
    folder = find_denoiser(path)
    out, bytes_before = out or folder, _bytes_in(folder)
    save_denoiser(saved, out, golden, {"created": loaded.manifest.content["created"]})
    return Conversion(out, saved.program.operations, len(golden), bytes_before, _bytes_in(out))


def _mixtures(kind: Kind, X: Any) -> Any:
    """Return golden rows repeated to about 1,000, every part of each but the first ones taken from another row."""
    count = int(X.shape[0])
    repeated = kind.take(X, np.resize(np.arange(count), max(count, PROOF_ROWS)))
    generator = np.random.default_rng(0)
    fixed = np.arange(count)
    for part in kind.parts(repeated):
        order = np.concatenate([fixed, count + generator.permutation(int(repeated.shape[0]) - count)])
        repeated = kind.shuffle(repeated, part, order)
    return repeated


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
