"""The last step: everything a denoising run leaves in its folder, the manifest last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE
from tenfold.figures.estimate import Estimate
from tenfold.figures.images.quality import ImageQuality, tolerance_of
from tenfold.figures.images.structural_similarity import ssim_window
from tenfold.line.line import Finished
from tenfold.line.restoration.judgement import CandidateFigures, Judgement
from tenfold.line.restoration.pictures import pictures_of, write_pictures
from tenfold.line.restoration.prepared import Prepared
from tenfold.line.warnings import failure_warnings, opening_warnings
from tenfold.record.bundle.denoiser_files import SavedDenoiser, save_denoiser
from tenfold.record.entries.from_figures import standing_entry
from tenfold.record.entries.manifest import made_with, sealed_entry
from tenfold.record.folder import RunFolder
from tenfold.record.predictions import write_predictions
from tenfold.record.reading import SCHEMA
from tenfold.record.source import spoken_source
from tenfold.record.words.caveats import NO_BETTER
from tenfold.storage import write_json, write_whole
from tenfold.tasks.images.pairs import Pairs

__all__ = ["write_model", "write_run"]

_TEST_FOLD = -1


_Finished = Finished[Prepared, Judgement, Pipeline]


def write_model(folder: RunFolder, model: Pipeline, prepared: Prepared, chosen: str) -> None:
    """Write the model with a few training images by which each load is checked."""
    provenance = {
        "run": folder.path.name,
        "data": prepared.data.name,
        "source": spoken_source(prepared.config.as_dict()["source"]),
        "fingerprint": prepared.data.fingerprint,
        "training_rows": len(prepared.training),
        "test_key": prepared.test.key,
        "test_instances": prepared.test.ids_digest,
        "seed": prepared.config.seed,
    }
    shape = tuple(prepared.training.noisy.shape[1:])
    saved = SavedDenoiser(chosen, model.steps[-1][1].model_, shape, prepared.peak, prepared.noise.text, provenance)
    save_denoiser(saved, folder.model, prepared.training.noisy)


def write_run(
    folder: RunFolder, run: _Finished, request: Mapping[str, Any], draw_report: Callable[[Path], Any]
) -> None:
    """Write figures, pictures, config, manifest and report; the run is finished when the units are gone."""
    judgement = run.judgement
    tables = [
        _table(name, judgement.pairs, judgement.fold, figures.quality) for name, figures in judgement.candidates.items()
    ]
    write_predictions(folder.out_of_fold, tables)
    untold = np.full(len(run.test.pairs), _TEST_FOLD, np.int16)
    write_predictions(folder.test, [_table(judgement.chosen, run.test.pairs, untold, run.test.quality)])
    write_pictures(folder.path, pictures_of(judgement))
    write_json(folder.metrics, _metrics(run))
    write_whole(folder.config, run.prepared.config.as_toml())
    write_json(folder.manifest, _manifest(folder, run, request))
    draw_report(folder.path)
    folder.clear_work()


def _table(candidate: str, pairs: Pairs, fold: NDArray[np.int16], quality: ImageQuality) -> pa.Table:
    """One line an image: where it stands, and how well it was restored."""
    labels = pairs.labels
    return pa.table(
        {
            "row": pa.array(pairs.data.rows, pa.int64()),
            "id": pa.array(pairs.data.ids, pa.string()),
            "fold": pa.array(fold, pa.int16()),
            "candidate": pa.array([candidate] * len(pairs), pa.string()),
            "true": pa.array([None] * len(pairs) if labels is None else labels.tolist(), pa.string()),
            "mae": quality.mae,
            "psnr": quality.psnr,
            "ssim": quality.ssim,
            "pixels_right": quality.right,
            "pixels_exact": quality.exact,
        }
    )


def _metrics(run: _Finished) -> dict[str, Any]:
    prepared, judgement, test = run.prepared, run.judgement, run.test
    height, width = prepared.training.noisy.shape[1:3]
    return {
        "schema": SCHEMA,
        "task": prepared.task.type,
        "classes": [key.partition(":")[2] for key in test.estimates if key.startswith("mae:")],
        "positive": None,
        "outputs": len(prepared.task.classes),
        "image_shape": list(prepared.training.noisy.shape[1:]),
        "noise": prepared.noise.text,
        "peak": prepared.peak,
        "tolerance": tolerance_of(prepared.peak),
        "ssim_window": ssim_window(height, width),
        "metric": "mae",
        "chosen": judgement.chosen,
        "choice": judgement.choice.as_dict(),
        "candidates": {name: _candidate(figures) for name, figures in judgement.candidates.items()},
        "failed": dict(run.failures),
        "test": _figures(test.estimates),
        "test_openings": run.opened.openings.count,
        "test_baseline": _figures(test.baseline),
        "test_difference": asdict(test.difference),
        "warnings": list(_warnings(run)),
    }


def _candidate(figures: CandidateFigures) -> dict[str, Any]:
    return {
        "out_of_fold": _figures(figures.estimates),
        "fit_seconds": sum(figures.result.fit_seconds),
        "predict_seconds": sum(figures.result.predict_seconds),
        "peak_bytes": figures.result.peak_bytes,
        **standing_entry(figures.place),
    }


def _figures(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: estimate.as_dict() for name, estimate in estimates.items()}


def _warnings(run: _Finished) -> Iterator[str]:
    """Say what a reader must worry about, the gravest first."""
    prepared, judgement = run.prepared, run.judgement
    if judgement.chosen == BASELINE:
        yield "No denoiser was judged: what is reported is doing nothing."
    elif all(one.place.beats_baseline is False for name, one in judgement.candidates.items() if name != BASELINE):
        yield f"{NO_BETTER} doing nothing (by mean absolute error)."
    yield from failure_warnings(run.failures)
    yield from opening_warnings(run.opened.openings)
    if prepared.sampled:
        yield (
            f"The figures out of fold are of {len(prepared.sample):,} training images drawn from "
            f"{len(prepared.training):,}; each was restored by a model of all images of the other folds."
        )
    if prepared.config.size is not None:
        yield f"Learnt from {len(prepared.training):,} training images only, as asked with --size."
    yield from prepared.data.notes


def _manifest(folder: RunFolder, run: _Finished, request: Mapping[str, Any]) -> dict[str, Any]:
    prepared, data = run.prepared, run.prepared.data
    return {
        "schema": SCHEMA,
        "run": folder.path.name,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "asked": dict(request),
        "config": prepared.config.as_dict(),
        "data": {
            "name": data.name,
            "kind": data.kind,
            "source": spoken_source(prepared.config.as_dict()["source"]),
            "rows": len(data),
            "fingerprint": data.fingerprint,
            "image_shape": data.image_shape,
            "columns": [],
            "target": list(data.target_names),
            "notes": list(data.notes),
        },
        "noise": {"text": prepared.noise.text, "words": prepared.noise.words},
        "training_rows": len(prepared.training),
        "judged_rows": len(prepared.sample),
        "test": sealed_entry(prepared.test, run.opened),
        "columns_unused": [],
        "findings": [],
        **made_with(),
        "seconds": {stage: round(seconds, 3) for stage, seconds in run.seconds.items()},
    }
