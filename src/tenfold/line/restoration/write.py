"""The last step: everything a denoising run leaves in its folder, the manifest last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE
from tenfold.data.kinds.rows import spread_rows
from tenfold.figures.images.quality import ImageQuality, tolerance_of
from tenfold.figures.images.structural_similarity import ssim_window
from tenfold.line.line import Finished
from tenfold.line.restoration.judgement import CandidateFigures, Judgement
from tenfold.line.restoration.pictures import pictures_of, write_pictures
from tenfold.line.restoration.prepared import Prepared
from tenfold.line.warnings import failure_warnings, opening_warnings
from tenfold.record.bundle.classifier_files import PROOF_ROWS
from tenfold.record.bundle.denoiser import lower_denoiser
from tenfold.record.bundle.denoiser_files import save_denoiser
from tenfold.record.entries.from_figures import choice_record, standing_of
from tenfold.record.entries.manifest import DataRecord, Manifest, NoiseRecord, manifest_of, write_manifest
from tenfold.record.entries.metrics import CandidateRecord, Metrics, Restoration, write_metrics
from tenfold.record.folder import RunFolder
from tenfold.record.predictions import write_predictions
from tenfold.record.source import spoken_source
from tenfold.record.words.caveats import NO_BETTER
from tenfold.storage import write_whole
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
    noisy = prepared.training.noisy
    fitted, proof = model.steps[-1][1].model_, noisy[spread_rows(len(noisy), PROOF_ROWS)]
    noise = prepared.noise.text
    saved = lower_denoiser(chosen, fitted, proof, peak=prepared.peak, noise=noise, provenance=provenance)
    save_denoiser(saved, folder.model, noisy)


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
    write_metrics(folder.metrics, _metrics(run))
    write_whole(folder.config, run.prepared.config.as_toml())
    write_manifest(folder.manifest, _manifest(folder, run, request))
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


def _metrics(run: _Finished) -> Metrics:
    prepared, judgement, test = run.prepared, run.judgement, run.test
    shape = tuple(prepared.training.noisy.shape[1:])
    restoration = Restoration(
        outputs=len(prepared.task.classes),
        image_shape=shape,
        noise=prepared.noise.text,
        peak=prepared.peak,
        tolerance=tolerance_of(prepared.peak),
        ssim_window=ssim_window(*shape[:2]),
    )
    return Metrics(
        task=prepared.task.type,
        classes=tuple(key.partition(":")[2] for key in test.estimates if key.startswith("mae:")),
        positive=None,
        restoration=restoration,
        metric="mae",
        chosen=judgement.chosen,
        choice=choice_record(judgement.choice),
        candidates={name: _candidate(figures) for name, figures in judgement.candidates.items()},
        failed=dict(run.failures),
        test=test.estimates,
        test_openings=run.opened.openings.count,
        test_baseline=test.baseline,
        test_difference=test.difference,
        warnings=tuple(_warnings(run)),
    )


def _candidate(figures: CandidateFigures) -> CandidateRecord:
    return CandidateRecord(
        out_of_fold=figures.estimates,
        fit_seconds=sum(figures.result.fit_seconds),
        predict_seconds=sum(figures.result.predict_seconds),
        peak_bytes=figures.result.peak_bytes,
        **standing_of(figures.place),
    )


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


def _manifest(folder: RunFolder, run: _Finished, request: Mapping[str, Any]) -> Manifest:
    prepared, data = run.prepared, run.prepared.data
    config = prepared.config.as_dict()
    return manifest_of(
        folder.path.name,
        asked=request,
        config=config,
        data=DataRecord.of(data, spoken_source(config["source"])),
        noise=NoiseRecord(prepared.noise.text, prepared.noise.words),
        training_rows=len(prepared.training),
        judged_rows=len(prepared.sample),
        test=prepared.test,
        opened=run.opened,
        seconds=run.seconds,
    )
