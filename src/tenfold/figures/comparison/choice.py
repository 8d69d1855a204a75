"""Which candidate is chosen, and why: one rule for every kind of run, with no clock in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from tenfold.figures.comparison.leader_board import LeaderBoard, Standing
from tenfold.figures.estimate import Estimate
from tenfold.figures.metrics import better

__all__ = ["Choice", "Reason", "brier_of", "choose"]

Reason = Literal["alone", "ahead", "highest", "rule", "beats", "savable", "cheaper", "calibrated", "quicker"]

_TIMES_CHEAPER = 10.0
_NOTHING_SECONDS = 1.0
"""Below this a cost is none: nobody gives up a right answer for the tenth part of a second."""
_DIGITS = 3
"""Figures are compared as they are shown: rates to a tenth of a percent."""


@dataclass(frozen=True)
class Choice:
    """
    The chosen candidate and what decided.

    Parameters
    ----------
    name : str
    reason : str
        ``alone`` (there is no other), ``ahead`` (none is tied with it), ``highest`` (of those tied with the best);
        or why it was preferred to `over`, the highest of those tied: ``rule`` (that one cannot meet the decision
        asked for), ``beats`` (that one does not beat the baseline), ``savable`` (that one cannot be saved), ``cheaper``
        (ten times or more), ``calibrated`` (equal figure, truer probabilities), ``quicker`` (equal figure).
    over : str, optional
    times : float, optional
        How many times as dear `over` is by estimate.
    """

    name: str
    reason: Reason
    over: str | None = None
    times: float | None = None


def choose(
    board: LeaderBoard,
    *,
    baseline: str | None = None,
    unmet: Collection[str] = (),
    unsavable: Collection[str] = (),
) -> Choice:
    """
    Choose among the candidates that cannot be told apart from the best.

    Of these the highest figure is chosen, unless another costs a tenth or less: where costs differ by orders of
    magnitude, the highest among those that cost less than ten times the cheapest. Of figures that are equal as they
    are shown, the one of the lower Brier score; then the cheaper. A candidate that beats the baseline goes before one
    that does not, and one that can be saved before one that cannot.

    Parameters
    ----------
    board : LeaderBoard
        Its `seconds` are estimates, so that the choice repeats.
    baseline : str, optional
        It is chosen only where it stands alone.
    unmet : collection of str
        Candidates that cannot meet the decision asked for.
    unsavable : collection of str
        Candidates that cannot be saved as a model.

    Raises
    ------
    ValueError
        No candidate meets the decision asked for.

    Examples
    --------
    >>> def standing(name, value, seconds):
    ...     return Standing(name, Estimate(value, None, None, "", 100), None, True, seconds)
    >>> board = LeaderBoard("accuracy", (standing("slow", 0.97, 90.0), standing("quick", 0.95, 2.0)))
    >>> choose(board)
    Choice(name='quick', reason='cheaper', over='slow', times=45.0)
    """
    real = [one for one in board.standings if one.name != baseline] or list(board.standings)
    able = [one for one in real if one.name not in unmet]
    if not able:
        raise ValueError("no candidate meets the decision asked for")
    tied = [one for one in able if one.tied_with_best] or able[:1]
    cheapest = min(_cost(one) for one in _preferred(tied, unsavable))
    affordable = [one for one in _preferred(tied, unsavable) if _cost(one) < _TIMES_CHEAPER * cheapest]
    chosen = min(affordable, key=lambda one: (-_as_shown(board, one), _brier(one), one.seconds))
    return _explained(board, chosen, real, able, tied, unsavable)


def brier_of(metrics: Mapping[str, Estimate]) -> float | None:
    """Give the Brier score among the figures of a candidate; None where it gives no probabilities."""
    brier = metrics.get("brier") or metrics.get("brier_macro")
    return None if brier is None else brier.value


def _preferred(tied: list[Standing], unsavable: Collection[str]) -> list[Standing]:
    """Leave out those that do not beat the baseline, then those that cannot be saved, where any are left."""
    beating = [one for one in tied if one.beats_baseline is not False] or tied
    return [one for one in beating if one.name not in unsavable] or beating


def _explained(
    board: LeaderBoard,
    chosen: Standing,
    real: list[Standing],
    able: list[Standing],
    tied: list[Standing],
    unsavable: Collection[str],
) -> Choice:
    if len(real) == 1:
        return Choice(chosen.name, "alone")
    if able[0] is not real[0] and not chosen.tied_with_best:
        return Choice(chosen.name, "rule", real[0].name)
    if len(tied) == 1:
        return Choice(chosen.name, "ahead")
    top = tied[0]
    if chosen is top:
        return Choice(chosen.name, "highest")
    times = _cost(top) / _cost(chosen)
    if top.beats_baseline is False and chosen.beats_baseline:
        return Choice(chosen.name, "beats", top.name)
    if top.name in unsavable and chosen.name not in unsavable:
        return Choice(chosen.name, "savable", top.name)
    if _as_shown(board, chosen) < _as_shown(board, top) or times >= _TIMES_CHEAPER:
        return Choice(chosen.name, "cheaper", top.name, times)
    return Choice(chosen.name, "calibrated" if _brier(chosen) < _brier(top) else "quicker", top.name)


def _cost(one: Standing) -> float:
    return max(one.seconds, _NOTHING_SECONDS)


def _as_shown(board: LeaderBoard, one: Standing) -> float:
    """The figure as it is shown, more being better; undefined ones stand below all others."""
    value = one.estimate.value
    return -float("inf") if value is None else round(better(board.metric) * value, _DIGITS)


def _brier(one: Standing) -> float:
    """Without probabilities, worse than the worst of them."""
    return float("inf") if one.brier is None else one.brier
