"""
The fixed list of types that a Tenfold model may hold.

Measured with scikit-learn 1.9.1 and skops 0.16.0 over every offered candidate. skops trusts all of
scikit-learn by default; here a type is trusted for a place in the file, and what is not listed is refused,
whatever skops would do. The list is never taken from the file.
"""

from __future__ import annotations

__all__ = ["ALLOWED", "BIT_GENERATORS", "FORMER_TYPES", "OWN_TYPES", "TRUSTED"]

OWN_TYPES = (
    "tenfold.record.bundle.codecs.packed.Packed",
    "tenfold.models.cells.columns.EmptyColumns",
    "tenfold.models.chain.OrderedChain",
    "tenfold.models.linear.classifier.SGDClassifier",
    "tenfold.models.naive_bayes.MixedNaiveBayes",
    "tenfold.models.neighbours.classifier.KNeighborsClassifier",
    "tenfold.models.support.classifier.GaussianSVC",
    "tenfold.data.kinds.image.preparation.FlattenPixels",
)
"""Tenfold's own estimators, by full name; each must hold only what the rest of this list allows."""

FORMER_TYPES = {
    "tenfold.bundle.packed.Packed": "tenfold.record.bundle.codecs.packed",
    "tenfold.models.support.GaussianSVC": "tenfold.models.support.classifier",
    "tenfold.preparation.image.FlattenPixels": "tenfold.data.kinds.image.preparation",
}
"""Own types that have moved, by the full name that older files give them -> the module that they are in now."""

ESTIMATORS = (
    "sklearn.calibration.CalibratedClassifierCV",
    "sklearn.compose._column_transformer.ColumnTransformer",
    "sklearn.decomposition._pca.PCA",
    "sklearn.dummy.DummyClassifier",
    "sklearn.ensemble._forest.ExtraTreesClassifier",
    "sklearn.ensemble._forest.RandomForestClassifier",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
    "sklearn.impute._base.MissingIndicator",
    "sklearn.impute._base.SimpleImputer",
    "sklearn.isotonic.IsotonicRegression",
    "sklearn.kernel_approximation.Nystroem",
    "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.linear_model._stochastic_gradient.SGDClassifier",
    "sklearn.multiclass.OneVsOneClassifier",
    "sklearn.multiclass.OneVsRestClassifier",
    "sklearn.naive_bayes.GaussianNB",
    "sklearn.neighbors._classification.KNeighborsClassifier",
    "sklearn.pipeline.Pipeline",
    "sklearn.preprocessing._data.MinMaxScaler",
    "sklearn.preprocessing._data.StandardScaler",
    "sklearn.preprocessing._encoders.OneHotEncoder",
    "sklearn.preprocessing._encoders.OrdinalEncoder",
    "sklearn.preprocessing._function_transformer.FunctionTransformer",  # only inside boosting, see functions.py
    "sklearn.preprocessing._label.LabelBinarizer",
    "sklearn.preprocessing._label.LabelEncoder",
    "sklearn.preprocessing._target_encoder.TargetEncoder",
    "sklearn.svm._classes.LinearSVC",
    "sklearn.svm._classes.SVC",
    "sklearn.tree._classes.DecisionTreeClassifier",
    "sklearn.tree._classes.ExtraTreeClassifier",
)

INTERNALS = (
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)

LOSSES = (
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfMultinomialLoss",
    "sklearn.linear_model._sgd_fast.Hinge",
    "sklearn.linear_model._sgd_fast.ModifiedHuber",
    "sklearn.linear_model._sgd_fast.SquaredHinge",
)

NUMBERS = tuple(f"numpy.{name}" for name in ("bool", "float32", "float64", "int32", "int64", "uint8", "uint64"))
SCALARS = ("builtins.bool", "builtins.float", "builtins.int", "builtins.str")
TREE = "sklearn.tree._tree.Tree"

ALLOWED: dict[str, frozenset[str]] = {
    "DTypeNode": frozenset({"numpy.dtype"}),
    "DictNode": frozenset({"builtins.dict"}),
    "FunctionNode": frozenset({"sklearn.utils.validation.check_array"}),
    "JsonNode": frozenset({"builtins.str"}),
    "ListNode": frozenset({"builtins.list"}),
    "LossNode": frozenset(LOSSES),
    "NdArrayNode": frozenset({"numpy.ndarray", *NUMBERS}),
    "ObjectNode": frozenset({*ESTIMATORS, *INTERNALS, *OWN_TYPES}),
    "PartialNode": frozenset({"functools.partial"}),
    "RandomGeneratorNode": frozenset({"numpy.random._generator.Generator"}),
    "SliceNode": frozenset({"builtins.slice"}),
    "TreeNode": frozenset({TREE}),
    "TupleNode": frozenset({"builtins.tuple"}),
    "TypeNode": frozenset({*SCALARS, *NUMBERS}),
}
"""Kind of node in the file -> full names of the types that may stand there."""

BIT_GENERATORS = frozenset({"PCG64"})
"""Random generators by the name under which NumPy stores them."""

TRUSTED = (
    *OWN_TYPES,
    TREE,
    "functools.partial",
    "numpy.dtype",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
)
"""What skops must be told to trust, because it does not by itself; each is checked by our own code first."""
