"""The choice among settings: the scores of a grid search, and figures that the choice does not flatter."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.neighbors import KNeighborsClassifier

from tenfold.candidates.catalogue import CATALOGUE, resolve
from tenfold.candidates.search import tuned, with_setting
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.figures.comparison.tuning import chosen_setting
from tenfold.folds.result import assembled
from tenfold.folds.unit import fit_and_predict
from tenfold.tasks import ClassTask

DIGITS = ClassTask(tuple("0123456789"))


@pytest.fixture(scope="module")
def digits():
    found = load_digits()
    images, codes = found.images.astype(np.uint8)[:600], found.target[:600].astype(np.int64)
    folds = (np.arange(600) % 3).astype(np.int16)
    return Dataset("digits", "image", images, None, source="digits"), codes, folds


def judged(digits, name, metric="accuracy", codes=None):
    data, true, folds = digits
    codes = true if codes is None else codes
    candidate = tuned(resolve(name, Setting("image", 600, 64, classes=10)), "grid")
    parts = [fit_and_predict(candidate, data, codes, folds, fold, DIGITS) for fold in range(3)]
    results = [assembled(name, folds, setting) for setting in zip(*parts, strict=True)]
    return candidate, results, chosen_setting(DIGITS, codes, candidate.settings, results, how="grid", metric=metric)


@pytest.mark.parametrize("name", ["knn", "logistic"])
def test_scores_are_those_of_a_grid_search(digits, name):
    data, codes, folds = digits
    candidate, _, (tuning, _) = judged(digits, name)
    pipeline = clone(candidate.pipeline)
    if name == "knn":
        pipeline.set_params(model=KNeighborsClassifier(algorithm="brute"), pixels__dtype="float64")
    search = GridSearchCV(pipeline, {k: list(v) for k, v in candidate.search_space.items()}, cv=PredefinedSplit(folds))
    search.fit(data.X, codes)
    theirs = np.stack([search.cv_results_[f"split{fold}_test_score"] for fold in range(3)], axis=1)
    assert [dict(trial.setting) for trial in tuning.trials] == search.cv_results_["params"]
    assert np.array_equal([trial.folds for trial in tuning.trials], theirs)
    assert dict(tuning.setting) == search.best_params_


@pytest.mark.parametrize("name", ["knn", "logistic", "sgd:ovo"])
def test_a_setting_answers_as_if_it_were_judged_alone(digits, name):
    data, codes, folds = digits
    candidate, results, _ = judged(digits, name)
    for place in (0, len(results) - 1):
        alone = with_setting(candidate, candidate.settings[place])
        (found,) = fit_and_predict(alone, data, codes, folds, 1, DIGITS)
        assert np.array_equal(found.predicted, results[place].predicted[folds == 1])
        assert np.array_equal(found.scores, results[place].scores[folds == 1])


def test_the_labels_of_a_fold_have_no_say_in_what_answers_it(digits):
    _, codes, folds = digits
    candidate, results, (tuning, _) = judged(digits, "knn")
    rng = np.random.default_rng(0)
    for fold in range(3):
        mixed = codes.copy()
        mixed[folds == fold] = rng.permutation(mixed[folds == fold])
        again, _ = chosen_setting(DIGITS, mixed, candidate.settings, results, how="grid", metric="accuracy")
        assert again.by_fold[fold] == tuning.by_fold[fold]


def test_answers_come_from_the_setting_of_each_fold(digits):
    _, _, folds = digits
    _, results, (tuning, joined) = judged(digits, "knn")
    for fold, chosen in enumerate(tuning.by_fold):
        assert np.array_equal(joined.scores[folds == fold], results[chosen].scores[folds == fold])
    assert joined.fit_seconds[0] == pytest.approx(sum(one.fit_seconds[0] for one in results))


def test_a_loss_is_better_when_less(digits):
    _, _, (tuning, _) = judged(digits, "logistic", metric="log_loss")
    assert tuning.trials[tuning.chosen].mean == min(trial.mean for trial in tuning.trials)


def test_of_equal_settings_the_first_is_taken(digits):
    candidate, results, _ = judged(digits, "knn")
    _, codes, _ = digits
    same = [results[0]] * len(results)
    tuning, _ = chosen_setting(DIGITS, codes, candidate.settings, same, how="grid", metric="accuracy")
    assert (tuning.chosen, set(tuning.by_fold)) == (0, {0})


def test_noise_is_not_flattered():
    """Labels that cannot be known: the best of many settings looks better than chance, its answers do not."""
    rng = np.random.default_rng(4)
    n, settings = 90, 60
    task, folds = ClassTask(("no", "yes"), positive="yes"), (np.arange(n) % 3).astype(np.int16)
    best, honest = [], []
    for _ in range(40):
        codes = rng.integers(0, 2, n)
        guesses = [_guess(folds, rng.integers(0, 2, n)) for _ in range(settings)]
        names = [{"model__guess": number} for number in range(settings)]
        tuning, joined = chosen_setting(task, codes, names, guesses, how="grid", metric="accuracy")
        best.append(tuning.trials[tuning.chosen].mean)
        honest.append((joined.predicted == codes).mean())
    assert np.mean(best) > 0.6
    assert abs(np.mean(honest) - 0.5) < 0.03


def _guess(folds, predicted):
    from tenfold.folds.result import OutOfFold

    return OutOfFold("guess", folds, predicted, None, False, (0.0,) * 3, (0.0,) * 3, 0)


@pytest.mark.parametrize("name", [f"{name}{form}" for name, entry in CATALOGUE.items()
                                  for form in ("", *(f":{word}" for word in entry.modifiers))])  # fmt: skip
@pytest.mark.parametrize("labels", [False, True])
def test_every_search_space_fits_its_pipeline(name, labels):
    candidate = resolve(name, Setting("image", 100, 64, classes=3, several=labels))
    assert set(candidate.search_space) <= set(candidate.pipeline.get_params())


def test_an_unknown_way_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"no way of tuning 'gird'\. Did you mean 'grid'"):
        tuned(resolve("knn", Setting("image", 100, 64, classes=3)), "gird")
