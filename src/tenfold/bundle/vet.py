"""A pipeline file judged before skops opens it: zip, description, types, arrays; nothing is built."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from numpy.typing import NDArray

from tenfold.bundle import functions, trees, vectors
from tenfold.bundle.archive import open_archive
from tenfold.bundle.arrays import check_header, read_array
from tenfold.bundle.bounded_json import read_json
from tenfold.bundle.grammar import Stored, attributes, read_description, walk
from tenfold.bundle.limits import JSON_BYTES
from tenfold.bundle.refusal import demand
from tenfold.text import shown

__all__ = ["Vetted", "vet"]

_DESCRIPTION = "schema.json"
_ENSEMBLE = "sklearn.ensemble._hist_gradient_boosting."

Read = Callable[[Stored], NDArray[Any]]

_BY_TYPE: dict[str, Callable[[Stored, Read], None]] = {
    "sklearn.ensemble._forest.ExtraTreesClassifier": trees.check_forest,
    "sklearn.ensemble._forest.RandomForestClassifier": trees.check_forest,
    _ENSEMBLE + "gradient_boosting.HistGradientBoostingClassifier": trees.check_boosting,
    "sklearn.linear_model._logistic.LogisticRegression": vectors.check_linear,
    "sklearn.linear_model._stochastic_gradient.SGDClassifier": vectors.check_linear,
    "sklearn.neighbors._classification.KNeighborsClassifier": vectors.check_neighbours,
    "tenfold.models.neighbours.classifier.KNeighborsClassifier": vectors.check_own_neighbours,
    "sklearn.svm._classes.LinearSVC": vectors.check_linear,
    "sklearn.svm._classes.SVC": vectors.check_support_vectors,
    "tenfold.models.linear.classifier.SGDClassifier": vectors.check_linear,
    "tenfold.models.naive_bayes.MixedNaiveBayes": vectors.check_naive_bayes,
    "tenfold.models.support.GaussianSVC": vectors.check_own_support_vectors,
    "tenfold.models.support.classifier.GaussianSVC": vectors.check_own_support_vectors,
}


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
        The first fault found; see `archive`, `bounded_json`, `grammar`, `arrays`, `trees`, `vectors`, `functions`.
    """
    with open_archive(file) as archive:
        demand(_DESCRIPTION in archive.namelist(), "the pipeline has no description")
        size = archive.getinfo(_DESCRIPTION).file_size
        demand(size <= JSON_BYTES, f"{_DESCRIPTION} has {size:,} bytes, over the limit of {JSON_BYTES:,}")
        description = read_description(read_json(archive.read(_DESCRIPTION), _DESCRIPTION))
        members = set(archive.namelist()) - {_DESCRIPTION}
        demand(description.files == members, "its arrays are not those that its description names")
        for name in sorted(members):
            check_header(archive, name)
        _check_objects(description.root, archive)
    nodes = [node for node, _ in walk(description.root)]
    versions = {attributes(node)["_sklearn_version"].value for node in nodes if "_sklearn_version" in attributes(node)}
    types = sorted({node.type for node in nodes if node.kind not in {"JsonNode", "TypeNode"}})
    return Vetted(tuple(types), description.skops_version, frozenset(map(str, versions)), len(members))


def _check_objects(root: Stored, archive: zipfile.ZipFile) -> None:
    def read(node: Stored) -> NDArray[Any]:
        demand(node.kind == "NdArrayNode" and node.file is not None, "a part that must be an array is none")
        return read_array(archive, str(node.file))

    demand(root.type == "sklearn.pipeline.Pipeline", f"it holds a {root.type}, not a Pipeline")
    for node, owners in walk(root):
        _check_node(node, owners, read)


def _check_node(node: Stored, owners: tuple[Stored, ...], read: Read) -> None:
    around = owners[-1] if owners else None
    if node.kind == "ObjectNode":
        _check_object(node, around, read)
    elif node.kind == "TreeNode":
        trees.check_tree_owner(node, owners)
        trees.check_tree(node, read)
    elif node.kind in {"FunctionNode", "PartialNode"}:
        functions.check_function_place(node, around)
        if node.kind == "PartialNode":
            functions.check_partial(node)
    elif node.kind == "RandomGeneratorNode":
        functions.check_generator(node)


def _check_object(node: Stored, around: Stored | None, read: Read) -> None:
    _check_attributes(node)
    if node.type.endswith(".FunctionTransformer"):
        functions.check_function_transformer(node)
    elif node.type.startswith(_ENSEMBLE) and not node.type.endswith("Classifier"):
        owned = around is not None and around.type.startswith(_ENSEMBLE)
        demand(owned, f"it holds a {node.type} outside of boosting")
    elif node.type in _BY_TYPE and _fitted(node):
        _BY_TYPE[node.type](node, read)


def _fitted(node: Stored) -> bool:
    """An estimator kept as a template holds its parameters and nothing else, so it cannot answer."""
    own = set(attributes(node)) - {"_sklearn_version", "_sklearn_output_config"}
    return any(name.startswith("_") or name.endswith("_") for name in own)


def _check_attributes(node: Stored) -> None:
    """No stored value takes the place of a method, and no model brings a folder of cached results to load from."""
    module, _, name = node.type.rpartition(".")
    kind = getattr(importlib.import_module(module), name)
    hidden = sorted(key for key in attributes(node) if hasattr(kind, key))
    demand(not hidden, f"its {name} stores a value in place of its own '{shown(hidden[0]) if hidden else ''}'")
    if name == "Pipeline":
        demand(attributes(node)["memory"].value is None, "its Pipeline names a cache folder")
