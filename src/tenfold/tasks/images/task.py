"""The task of restoring images: noisy ones come in, clean ones are to come out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.candidates.scores import Predictions
from tenfold.candidates.setting import Setting
from tenfold.data.holdout.draw import stratified_draw
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.errors import UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.evaluate import Evaluation
from tenfold.figures.images.estimates import IMAGE_FIGURES, image_estimates, paired_difference_of_images
from tenfold.figures.images.quality import ImageQuality, image_quality
from tenfold.folds.assign import stratified_folds
from tenfold.program.program import Program
from tenfold.program.values import ValueType

if TYPE_CHECKING:
    from tenfold.candidates.entry import Candidate

__all__ = ["RestorationTask"]


@dataclass(frozen=True)
class RestorationTask:
    """
    Images restored pixel by pixel.

    Parameters
    ----------
    shape : tuple of int
        Height and width in pixels (and 3 for colour).
    peak : int
        Grey level of white.

    Examples
    --------
    >>> task = RestorationTask((1, 2), peak=16)
    >>> task.type, task.classes
    ('multioutput', ('0,0', '0,1'))
    """

    shape: tuple[int, ...]
    peak: int

    type = "multioutput"
    positive = None
    one_vs_rest = None
    several = False
    exclusive = False
    numeric = False
    headline = "mae"

    @property
    def classes(self) -> tuple[str, ...]:
        """The place of each output: row, column and, in colour, channel."""
        return tuple(",".join(map(str, place)) for place in np.ndindex(*self.shape))

    @property
    def score_names(self) -> tuple[str, ...]:
        """No scores: a restored image is all that a model gives."""
        return ()

    @property
    def score_columns(self) -> tuple[str, ...]:
        """No columns: images are kept in files of their own."""
        return ()

    @property
    def usual_decision(self) -> Decision:
        """What a model predicts by itself."""
        return Decision("argmax", "argmax")

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of all figures, in order."""
        return IMAGE_FIGURES

    @property
    def ranking_keys(self) -> tuple[str, ...]:
        """Keys of the figures that can order candidates: all."""
        return self.metric_keys

    @property
    def summary(self) -> str:
        """How large the images are."""
        return f"images of {self.shape[1]} x {self.shape[0]}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": self.type, "shape": list(self.shape), "peak": self.peak}

    def encode(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Return clean images as they are, uint8 of shape (n, height, width[, 3])."""
        return labels

    def decode(self, y: NDArray[Any]) -> NDArray[Any]:
        """Return images as they are."""
        return y

    def to_columns(self, prefix: str, y: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return none: images are no columns."""
        return {}

    def from_columns(self, prefix: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Raise: images are no columns."""
        raise ValueError("restored images are not kept in a file of predictions")

    def draw_test(
        self, y: NDArray[Any], share: float, seed: int, groups: NDArray[np.int64] | None
    ) -> NDArray[np.bool_]:
        """Mark the images of a test part, drawn at random."""
        return stratified_draw(np.zeros(len(y), np.int64), share, seed, groups)

    def draw_folds(
        self,
        y: NDArray[Any],
        k: int,
        *,
        groups: NDArray[Any] | None = None,
        shuffle: bool = False,
        seed: int = 42,
        source: str | None = None,
    ) -> NDArray[np.int16]:
        """Return the fold that holds each image out."""
        one = np.zeros(len(y), np.int64)
        return stratified_folds(one, ("image",), k, groups=groups, shuffle=shuffle, seed=seed, source=source)

    def default_candidates(self, setting: Setting, folds: int) -> tuple[str, ...]:
        """Return the usual denoisers."""
        # Here and below: every task is on the list of tasks, whoever needs no denoiser need not load scikit-learn.
        from tenfold.tasks.images.catalogue import DEFAULT

        return DEFAULT

    def candidate(self, name: str, setting: Setting, trusted: Collection[str] = ()) -> Candidate:
        """Return the denoiser of this name, see `tenfold.tasks.images.candidates.restorer`."""
        from tenfold.tasks.images.candidates import restorer

        return restorer(name, self.peak, int(np.prod(self.shape)))

    def predict(self, pipeline: Any, X: Any) -> Predictions:
        """Return the images that a fitted pipeline restores, int16 of the shape of `X`."""
        return Predictions(pipeline.predict(X), None, probabilities=False)

    def lower(self, pipeline: Any, input_type: ValueType) -> Program:
        """Return the program of a fitted pipeline of a denoiser alone, see `tenfold.program.lowering.lower_images`."""
        from tenfold.program.lowering import lower_images

        return lower_images(pipeline.steps[-1][1].model_, input_type)

    def default_metric(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> str:
        """Return the mean absolute error."""
        return "mae"

    def evaluate(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
        resamples: int = 1000,
        decision: Decision | None = None,
    ) -> Evaluation:
        """Return every figure with its interval over images, see `image_estimates`."""
        quality = self.checked_rows(y, predicted)
        return Evaluation(image_estimates(quality, fold), np.zeros((0, 0), np.int64), len(y))

    def checked_rows(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> ImageQuality:
        """Return how well each image is restored, the form that `value` and `difference` take."""
        return image_quality(y, predicted, self.peak)

    def value(self, rows: ImageQuality, metric: str) -> float | None:
        """Return one figure, None where it is undefined."""
        return image_estimates(rows)[metric].value

    def difference(self, first: ImageQuality, second: ImageQuality, metric: str = "mae") -> Difference:
        """Return the paired difference of the mean absolute error of two candidates."""
        return paired_difference_of_images(first.mae, second.mae)

    def refuse_rule(self, rule: Rule, run: Path | None = None) -> None:
        """Refuse every rule: there is nothing to decide."""
        if rule.kind != "argmax":
            raise UsageError(f"the rule '{rule.text}' is for classes, images are restored here", where=run)

    def decide(
        self,
        rule: Rule,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
    ) -> Decision:
        """Return the one decision there is: a restored image is taken as it is."""
        self.refuse_rule(rule)
        return Decision("argmax", "argmax")

    def apply(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return restored images as they are."""
        return predictions

    def revert(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return restored images as they are."""
        return predictions

    def answer_columns(self, at: Predictions) -> dict[str, NDArray[Any]]:
        """Return none: images are no columns."""
        return {}
