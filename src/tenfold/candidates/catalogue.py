"""The named classifiers, and how a name asked for becomes a candidate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tenfold.candidates.augmentation import augmented
from tenfold.candidates.classifiers import (
    baseline,
    bayes,
    boosting,
    extra,
    forest,
    knn,
    libraries,
    linear_svm,
    logistic,
    sgd,
    softmax,
    svm,
    word_bayes,
)
from tenfold.candidates.entry import BASELINE, Candidate, Entry
from tenfold.candidates.labels import CHAIN, for_all_labels, in_a_chain
from tenfold.candidates.own import is_object_name, own_candidate
from tenfold.candidates.regressors.catalogue import (
    REGRESSORS,
    TRANSFORMS,
    chain_of_targets,
    for_all_targets,
    line_up,
    with_transform,
)
from tenfold.candidates.search import reachable
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = [
    "BASELINE",
    "CATALOGUE",
    "LIBRARY_BOOSTERS",
    "default_names",
    "fold_seconds",
    "own_module",
    "own_names",
    "refuse_untrusted",
    "resolve",
    "without_room",
]

CATALOGUE: dict[str, Entry] = {
    module.ENTRY.name: module.ENTRY
    for module in (baseline, sgd, logistic, forest, extra, knn, svm, boosting, bayes, linear_svm, word_bayes, softmax)
}

LIBRARY_BOOSTERS: dict[str, Entry] = {entry.name: entry for entry in libraries.ENTRIES}
"""Classifiers that the extra ``boost`` installs."""

_NAMED = CATALOGUE | LIBRARY_BOOSTERS

_OF_LABELS = ("chain:logistic",)
_LIGHTER = {"knn": "knn:pca", "svm": "svm:pca"}
_ON_COMPONENTS = 200
"""
Values of an image from which the machine is offered on components alone: it is right on 0.7 to 1.6 points more of the
test images of MNIST (from 500 training images 88.2 and 87.1 %, from 40,000 98.4 and 97.7 %).
"""
_ROOM_SECONDS = 75.0
_UNIT_SECONDS = 0.05
_ALWAYS = 2
"""Candidates that are fitted on blocks of any number of rows, the cheapest."""


def own_names(names: Iterable[str]) -> frozenset[str]:
    """
    Give the names that mean code of a user's own, ``module:object``, rather than a classifier of the catalogue.

    Examples
    --------
    >>> sorted(own_names(["forest", "sgd:raw", "mine:model", "chain:lab.models:Model", "my_forest:model", "sdg:raw"]))
    ['lab.models:Model', 'mine:model', 'my_forest:model']
    """
    return frozenset(one for one in (name.removeprefix(CHAIN) for name in names) if _is_own(one))


def _is_own(name: str) -> bool:
    """Anything of the form ``module:object`` but a modifier after a mistyped name, such as ``forrest:raw``."""
    base, _, word = name.partition(":")
    if base in _NAMED or base in REGRESSORS or not is_object_name(name):
        return False
    words = {word for entry in (*_NAMED.values(), *REGRESSORS.values()) for word in entry.modifiers} | set(TRANSFORMS)
    return not (near(base, {**_NAMED, **REGRESSORS}) and word in words)


def refuse_untrusted(names: Iterable[str], trusted: Collection[str]) -> None:
    """
    Refuse names of code that the user has not typed: a file that was read cannot have code run.

    Parameters
    ----------
    names : iterable of str
        Candidates.
    trusted : collection of str
        Names ``module:object`` that the user of this call or command typed.
    """
    for name in sorted(own_names(names) - set(trusted)):
        raise UsageError(
            f"'{shown(name)}' is code, and no file has code run here",
            do=f"if it is yours, name it: --own {name}, in Python own=['{name}']",
        )


def resolve(name: str, setting: Setting, trusted: Collection[str] = ()) -> Candidate:
    """
    Turn a name as asked into a candidate.

    Parameters
    ----------
    name : str
        ``forest``, ``sgd:raw``, ``chain:logistic`` (several labels), or a user's own ``module:object``.
    setting : Setting
    trusted : collection of str
        Names ``module:object`` that may be imported, because the user of this call or command typed them.

    Raises
    ------
    UsageError
        No such name (the message suggests the nearest), or one of code that is not trusted.

    Examples
    --------
    >>> resolve("sgd:raw", Setting("image", rows=100, values=64, classes=10)).pipeline.steps[0][0]
    'pixels'
    """
    if name.startswith(CHAIN):
        return _chained(name, setting, trusted)
    base, *words = name.split(":")
    named = REGRESSORS if setting.quantities else _NAMED
    entry = named.get(base)
    if _is_own(name):
        refuse_untrusted([name], trusted)
        if setting.in_blocks:
            raise _needs_all(name, setting)
        return own_candidate(name, setting)
    if entry is None:
        what = "regressor" if setting.quantities else "model"
        raise UsageError(f"no {what} '{shown(name)}'.{near(base, named)}", do=f"choose from {', '.join(named)}")
    modifiers = frozenset(words)
    if setting.in_blocks and entry.name != BASELINE and (setting.several or not entry.in_blocks):
        raise _needs_all(name, setting)
    if setting.quantities:
        return _regressor(name, entry, modifiers, setting)
    _refuse_unknown(entry, modifiers)
    single = setting.of_one_label if setting.several else setting
    candidate = Candidate(name, entry.build(single, modifiers), partial(entry.seconds, single, modifiers))
    candidate = for_all_labels(candidate, setting) if setting.several else candidate
    space = reachable(entry.space(modifiers), candidate.pipeline) | _of_preparation(setting, candidate)
    candidate = replace(candidate, search_space=space)
    return augmented(candidate, setting)


def _needs_all(name: str, setting: Setting) -> UsageError:
    what = f"'{shown(name)}' needs all {setting.rows:,} {setting.traits.noun()} in memory at once"
    names = ",".join(one.name for one in CATALOGUE.values() if one.in_blocks)
    return UsageError(what, do=f"give --models {names}, which go through them in blocks, or a part of them")


def _regressor(name: str, entry: Entry, modifiers: frozenset[str], setting: Setting) -> Candidate:
    """A regressor, of a function of the target where one is named, for each target."""
    transform = next(iter(sorted(modifiers & set(TRANSFORMS))), None)
    own = modifiers - {transform}
    _refuse_unknown(entry, own, TRANSFORMS)
    candidate = Candidate(name, entry.build(setting, own), partial(entry.seconds, setting, own))
    candidate = candidate if transform is None else with_transform(candidate, transform)
    candidate = for_all_targets(candidate, setting)
    space = reachable(entry.space(own), candidate.pipeline) | _of_preparation(setting, candidate)
    candidate = replace(candidate, search_space=space)
    return augmented(candidate, setting)


def _of_preparation(setting: Setting, candidate: Candidate) -> dict[str, tuple[Any, ...]]:
    """What its kind of data lets tuning try of the preparation; nothing of a candidate that has none."""
    if not candidate.pipeline.steps[:-1]:
        return {}
    known = candidate.pipeline.get_params()
    return {key: values for key, values in setting.traits.search_space.items() if key in known}


def _chained(name: str, setting: Setting, trusted: Collection[str]) -> Candidate:
    """One label, or quantity, after the other: ``chain:logistic``; the model of each is any of the catalogue."""
    if setting.quantities > 1:
        one = resolve(name.removeprefix(CHAIN), replace(setting, quantities=1), trusted)
        return chain_of_targets(name, one, setting)
    if not setting.several:
        raise UsageError(f"'{shown(name)}' goes through several labels or quantities, the data have one label a row")
    one = resolve(name.removeprefix(CHAIN), setting.of_one_label, trusted)
    return in_a_chain(name, one, setting)


def _refuse_unknown(entry: Entry, modifiers: frozenset[str], others: Iterable[str] = ()) -> None:
    words = (*entry.modifiers, *others)
    for word in sorted(modifiers - set(words)):
        known = ", ".join(f"{entry.name}:{m}" for m in words) or "none"
        raise UsageError(f"no '{shown(entry.name)}:{shown(word)}'.{near(word, words)} Known: {known}")


def own_module(name: str) -> str | None:
    """
    Give the module of a name that is no part of the catalogue, such as ``module:object``; None where it is part of it.

    Examples
    --------
    >>> own_module("mine:model"), own_module("chain:mine:model"), own_module("sgd:raw"), own_module("forest")
    ('mine', 'mine', None, None)
    """
    own = name.removeprefix(CHAIN)
    return own.partition(":")[0] if _is_own(own) else None


def default_names(setting: Setting, folds: int) -> tuple[str, ...]:
    """
    Choose the candidates when none are asked: all for the kind of data that have room, lighter forms where not.

    Of images of many pixels the support vector machine works on components, however few they are.
    The choice depends on the shape of the data alone, never on a clock, so that it repeats everywhere.

    Examples
    --------
    >>> default_names(Setting("image", rows=60_000, values=784, classes=10), folds=3)
    ('baseline', 'logistic', 'forest', 'knn', 'svm:pca')
    """
    if setting.in_blocks:
        fits = [name for name in _line_up(setting) if _NAMED[name].in_blocks]
        return (BASELINE, *fits[:_ALWAYS], *(name for name in fits[_ALWAYS:] if _fitting(name, setting, folds)))
    usual = (*_line_up(setting), *(_OF_LABELS if setting.several else ()))
    names = (_fitting(name, setting, folds) for name in usual)
    return (BASELINE, *(name for name in names if name is not None))


def without_room(names: Sequence[str], setting: Setting) -> tuple[str, ...]:
    """Name the usual candidates for the kind of data that a choice leaves out in every form."""
    chosen = {name.split(":")[0] for name in names}
    return tuple(name for name in _line_up(setting) if name not in chosen)


def _line_up(setting: Setting) -> tuple[str, ...]:
    return line_up(setting.traits.line_up) if setting.quantities else setting.traits.line_up


def _fitting(name: str, setting: Setting, folds: int) -> str | None:
    lighter = _LIGHTER.get(name)
    better = name == "svm" and setting.traits.one_scale and setting.values >= _ON_COMPONENTS
    for form in (lighter,) if better else (name, lighter):
        if form is not None and fold_seconds(resolve(form, setting), setting, folds) * folds <= _ROOM_SECONDS:
            return form
    return None


def fold_seconds(candidate: Candidate, setting: Setting, folds: int) -> float:
    """Rough seconds on one core for one fold of a candidate: fit on the other folds, answer this one."""
    held_out = setting.rows // folds
    return _UNIT_SECONDS + candidate.seconds(setting.rows - held_out, held_out)
