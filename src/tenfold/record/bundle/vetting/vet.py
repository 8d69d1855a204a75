"""A pipeline file judged before skops opens it: zip, description, types, arrays; nothing is built."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from tenfold.program.archive import check_header, open_archive
from tenfold.program.limits import JSON_BYTES, OBJECTS, read_json
from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs import packed
from tenfold.record.bundle.vetting import classifiers, encoders, preparation, trees, vectors
from tenfold.record.bundle.vetting.attributes import check_attributes
from tenfold.record.bundle.vetting.grammar import Stored, attributes, name_types_of_today, read_description, walk
from tenfold.record.bundle.vetting.rules import StoredArrays
from tenfold.text import shown

__all__ = ["DESCRIPTION", "Vetted", "read_types", "vet"]

DESCRIPTION = "schema.json"
"""The member of a pipeline file that names its types, and what they are made of."""

_ENSEMBLE = "sklearn.ensemble._hist_gradient_boosting."

_Check = Callable[[Stored, StoredArrays], None]

_BY_TYPE: dict[str, _Check] = {
    "sklearn.calibration.CalibratedClassifierCV": classifiers.check_calibrated,
    "sklearn.calibration._CalibratedClassifier": classifiers.check_one_calibrated,
    "sklearn.compose._column_transformer.ColumnTransformer": preparation.check_columns,
    "sklearn.decomposition._pca.PCA": preparation.check_components,
    "sklearn.dummy.DummyClassifier": classifiers.check_baseline,
    "sklearn.ensemble._forest.ExtraTreesClassifier": trees.check_forest,
    "sklearn.ensemble._forest.RandomForestClassifier": trees.check_forest,
    _ENSEMBLE + "gradient_boosting.HistGradientBoostingClassifier": trees.check_boosting,
    "sklearn.impute._base.MissingIndicator": preparation.check_indicator,
    "sklearn.impute._base.SimpleImputer": preparation.check_imputer,
    "sklearn.isotonic.IsotonicRegression": classifiers.check_isotonic,
    "sklearn.kernel_approximation.Nystroem": preparation.check_kernel_map,
    "sklearn.linear_model._logistic.LogisticRegression": vectors.check_linear,
    "sklearn.linear_model._stochastic_gradient.SGDClassifier": vectors.check_linear,
    "sklearn.multiclass.OneVsOneClassifier": classifiers.check_one_vs_one,
    "sklearn.multiclass.OneVsRestClassifier": classifiers.check_one_vs_rest,
    "sklearn.naive_bayes.GaussianNB": classifiers.check_gaussian_bayes,
    "sklearn.neighbors._classification.KNeighborsClassifier": vectors.check_neighbours,
    "sklearn.preprocessing._data.MinMaxScaler": preparation.check_scaler,
    "sklearn.preprocessing._data.StandardScaler": preparation.check_scaler,
    "sklearn.preprocessing._encoders.OneHotEncoder": encoders.check_one_hot,
    "sklearn.preprocessing._encoders.OrdinalEncoder": encoders.check_ordinal,
    "sklearn.preprocessing._label.LabelBinarizer": classifiers.check_binarizer,
    "sklearn.preprocessing._target_encoder.TargetEncoder": encoders.check_target,
    "sklearn.svm._classes.LinearSVC": vectors.check_linear,
    "sklearn.svm._classes.SVC": vectors.check_support_vectors,
    "sklearn.tree._classes.DecisionTreeClassifier": trees.check_tree_classifier,
    "sklearn.tree._classes.ExtraTreeClassifier": trees.check_tree_classifier,
    "tenfold.record.bundle.codecs.packed.Packed": packed.check_packed,
    "tenfold.models.cells.columns.EmptyColumns": preparation.check_empty_columns,
    "tenfold.models.chain.OrderedChain": classifiers.check_chain,
    "tenfold.models.linear.classifier.SGDClassifier": vectors.check_linear,
    "tenfold.models.naive_bayes.MixedNaiveBayes": vectors.check_naive_bayes,
    "tenfold.models.neighbours.classifier.KNeighborsClassifier": vectors.check_own_neighbours,
    "tenfold.models.support.classifier.GaussianSVC": vectors.check_own_support_vectors,
    "tenfold.data.kinds.image.preparation.FlattenPixels": preparation.check_pixels,
}
"""Shapes and indices of a type, once its attributes are those of the table in `attributes`."""


@dataclass(frozen=True)
class Vetted:
    """
    What a vetted pipeline file says of itself.

    Parameters
    ----------
    types : tuple of str
        Full names of the types of objects in it, in order of name.
    skops_version : str
        That wrote it.
    sklearn_versions : frozenset of str
        That fitted its estimators.
    arrays : int
        Number of array members checked.
    """

    types: tuple[str, ...]
    skops_version: str
    sklearn_versions: frozenset[str]
    arrays: int


def vet(file: BinaryIO) -> Vetted:
    """
    Judge an open pipeline file.

    Parameters
    ----------
    file : binary file
        Open for reading; the same open file is then given to skops, so that what was vetted is what is loaded.

    Raises
    ------
    Refused
        The first fault found; see `archive`, `limits`, `grammar`, `attributes`, `preparation`, `trees`, `vectors`.
    """
    with open_archive(file, OBJECTS) as archive:
        description = read_description(read_types(archive)[0])
        members = set(archive.namelist()) - {DESCRIPTION}
        demand(description.files == members, "its arrays are not those that its description names")
        headers = {name: check_header(archive, name) for name in sorted(members)}
        _check_objects(description.root, StoredArrays(archive, headers))
    nodes = [node for node, _ in walk(description.root)]
    versions = {attributes(node)["_sklearn_version"].value for node in nodes if "_sklearn_version" in attributes(node)}
    types = sorted({node.type for node in nodes if node.kind not in {"JsonNode", "TypeNode"}})
    return Vetted(tuple(types), description.skops_version, frozenset(map(str, versions)), len(members))


def read_types(archive: zipfile.ZipFile) -> tuple[Any, bool]:
    """
    Read the description of an opened pipeline file, not yet judged, with each type named where it is now.

    Returns
    -------
    description : object
        Parsed JSON, of harmless size and depth.
    moved : bool
        A type had another name when the file was written.
    """
    demand(DESCRIPTION in archive.namelist(), "the pipeline has no description")
    size = archive.getinfo(DESCRIPTION).file_size
    demand(size <= JSON_BYTES, f"{DESCRIPTION} has {size:,} bytes, over the limit of {JSON_BYTES:,}")
    description = read_json(archive.read(DESCRIPTION), DESCRIPTION)
    return description, name_types_of_today(description)


def _check_objects(root: Stored, arrays: StoredArrays) -> None:
    demand(root.type == "sklearn.pipeline.Pipeline", f"it holds a {root.type}, not a Pipeline")
    checked = set()
    # what is built by a call comes first: its own fault is worth more than that it stands in a wrong place
    for node, owners in sorted(walk(root), key=lambda pair: pair[0].kind not in _OTHERS):
        # one object may be described at many places, always in the same words
        place = (node.digest, owners[-1].digest if owners else b"")
        if place not in checked:
            checked.add(place)
            _check_node(node, owners, arrays)


def _check_node(node: Stored, owners: tuple[Stored, ...], arrays: StoredArrays) -> None:
    around = owners[-1] if owners else None
    if node.kind == "ObjectNode":
        _check_object(node, around, arrays)
    elif node.kind == "TreeNode":
        trees.check_tree_owner(node, owners)
        trees.check_tree(node, arrays)
    elif node.kind in {"FunctionNode", "PartialNode"}:
        preparation.check_function_place(node, around)
        if node.kind == "PartialNode":
            preparation.check_partial(node)
    elif node.kind in _OTHERS:
        _OTHERS[node.kind](node, arrays)


_OTHERS: dict[str, _Check] = {
    "DTypeNode": preparation.check_dtype,
    "LossNode": preparation.check_loss,
    "RandomGeneratorNode": lambda node, arrays: preparation.check_generator(node),
}


def _check_object(node: Stored, around: Stored | None, arrays: StoredArrays) -> None:
    _check_places(node)
    check_attributes(node, arrays)
    if node.type.endswith(".FunctionTransformer"):
        preparation.check_function_transformer(node)
    elif node.type.startswith(_ENSEMBLE) and not node.type.endswith("Classifier"):
        owned = around is not None and around.type.startswith(_ENSEMBLE)
        demand(owned, f"it holds a {node.type} outside of boosting")
    elif node.type in _BY_TYPE and _is_fitted(node):
        _BY_TYPE[node.type](node, arrays)


def _is_fitted(node: Stored) -> bool:
    """An estimator kept as a template holds its parameters and nothing else, so it cannot predict."""
    own = set(attributes(node)) - {"_sklearn_version", "_sklearn_output_config"}
    return not own or node.type.endswith((".Packed", "._CalibratedClassifier")) or any(map(_is_fitted_name, own))


def _is_fitted_name(name: str) -> bool:
    return name.startswith("_") or name.endswith("_")


def _check_places(node: Stored) -> None:
    """No stored value takes the place of a method."""
    module, _, name = node.type.rpartition(".")
    kind = getattr(importlib.import_module(module), name)
    hidden = sorted(key for key in attributes(node) if hasattr(kind, key) and not node.type.endswith(".Packed"))
    demand(not hidden, f"its {name} stores a value in place of its own '{shown(hidden[0]) if hidden else ''}'")
