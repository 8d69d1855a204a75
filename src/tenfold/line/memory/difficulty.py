"""Intervals that are wider where a model errs more: tried for the chosen candidate, kept where they are better."""

from __future__ import annotations

from dataclasses import replace

from sklearn.pipeline import Pipeline

from tenfold.candidates.regressors.difficulty import (
    FEWEST_ROWS,
    difficulties_out_of_fold,
    difficulty_pipeline,
    fitted_difficulty,
)
from tenfold.decision.rule import Rule
from tenfold.line.memory.judgement import Judgement, judge
from tenfold.line.memory.prepared import Prepared
from tenfold.models.threads import limited_to
from tenfold.program.lowering import unknown_part

__all__ = ["with_scaled_intervals"]


def with_scaled_intervals(prepared: Prepared, judgement: Judgement, rule: Rule) -> Judgement:
    """
    Return the judgement with intervals of the chosen candidate that scale with the difficulty of a row.

    How hard a row is follows from the errors on other folds. Such intervals are kept where their pinball loss out of
    fold is lower; a model that is no program of arrays, or has few rows, keeps intervals of one width.

    Parameters
    ----------
    prepared : Prepared
    judgement : Judgement
    rule : Rule
        Of the decision asked for.
    """
    chosen = judgement.candidates[judgement.chosen]
    if chosen.decision.interval is None or len(prepared.held_out) < FEWEST_ROWS or not prepared.all_held_out:
        return judgement
    if unknown_part(prepared.plan.candidates[judgement.chosen].pipeline) is not None:
        return judgement
    codes, result = prepared.held_out_codes, chosen.result
    errors, unfitted = codes - result.predicted, difficulty_pipeline(prepared.setting)
    if not errors.any():
        return judgement
    with limited_to(1):
        scores = difficulties_out_of_fold(unfitted, prepared.training, errors, result.fold)
        scaled = judge(prepared.task, codes, replace(result, scores=scores), rule, chosen.tuning)
        before, after = (one.decided.metrics["pinball"].value for one in (chosen, scaled))
        if before is None or after is None or after >= before:
            return judgement
        difficulty: Pipeline = fitted_difficulty(unfitted, prepared.training.X, errors)
    candidates = {**judgement.candidates, judgement.chosen: scaled}
    return replace(judgement, candidates=candidates, difficulty=difficulty)
