"""
The table of what each attribute of each listed type may hold; an attribute that is not in it is refused by name.

Measured with scikit-learn 1.6.1 and 1.9.1 over every offered candidate and over the parameters of each type. What a
prediction reads has its own range; a parameter of ``fit`` alone is a `rules.setting`. Shapes, and indices from one
array into another, are checked in `encoders`, `preparation`, `classifiers`, `trees` and `vectors`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.program.refusal import demand, refuse
from tenfold.record.bundle.codecs.packed import text_array, whole_numbers
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import (
    Rule,
    StoredArrays,
    count,
    either,
    few,
    finite,
    flag,
    listing,
    mapping,
    node_of,
    nothing,
    number,
    numbers,
    setting,
    whole,
    word,
)
from tenfold.task import CLASS_LIMIT
from tenfold.text import shown

__all__ = ["TABLE", "check_attributes"]

_MOST_THREADS = 256

_codes = numbers(of="biu")
_model = node_of("ObjectNode")
_tree = node_of("ObjectNode", ".DecisionTreeClassifier", ".ExtraTreeClassifier")
_classes = few(numbers(), CLASS_LIMIT)
_classes_of_outputs = either(_classes, listing(_classes))
_class_count = whole(1, CLASS_LIMIT)
_threads = either(nothing, whole(-_MOST_THREADS, _MOST_THREADS))
_verbosity = either(flag, whole(0, 100))
_numbers_or_nothing = either(nothing, numbers(0, 1))
_dtype = node_of("TypeNode", "numpy.float64", "numpy.float32", "numpy.int64", "numpy.int32", "numpy.uint8")
_arrays = node_of("ListNode")  # of arrays or packed ones: `encoders` and `trees` look into them
_packed_or_list = either(_arrays, node_of("ObjectNode", ".Packed"))
_columns = either(
    word("drop", "passthrough"),
    node_of("SliceNode"),
    whole_numbers,
    listing(either(node_of("JsonNode"))),
    text_array,
    numbers(of="bi"),
)
_step = either(nothing, word("drop", "passthrough"), _model)

_COMMON: dict[str, Rule] = {
    "_sklearn_version": node_of("JsonNode"),
    "_sklearn_output_config": mapping(word("default", "pandas")),
    "feature_names_in_": text_array,
    "n_features_in_": count,
    "n_jobs": _threads,
    "verbose": _verbosity,
}


def _settings(names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), setting)


def _of(rule: Rule, names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), rule)


_TREE: dict[str, Rule] = {
    **_settings("ccp_alpha class_weight criterion max_depth max_features max_leaf_nodes min_impurity_decrease"),
    **_settings("min_samples_leaf min_samples_split min_weight_fraction_leaf monotonic_cst random_state splitter"),
    "classes_": _classes_of_outputs,
    "max_features_": count,
    "n_classes_": either(_class_count, _codes),
    "n_outputs_": count,
    "tree_": node_of("TreeNode"),
}

_FOREST: dict[str, Rule] = {
    **{name: rule for name, rule in _TREE.items() if name not in {"splitter", "tree_", "max_features_"}},
    **_settings("bootstrap max_samples n_estimators oob_score oob_score_ warm_start _sample_weight"),
    **_of(either(nothing, count), "_n_samples _n_samples_bootstrap"),
    **_of(either(_tree, nothing, word("deprecated")), "estimator estimator_ base_estimator"),
    "estimator_params": setting,
    "estimators_": listing(_tree),
    "n_classes_": either(_class_count, listing(_class_count)),
    "oob_decision_function_": numbers(2, 3),
}

_LOSS: dict[str, Rule] = {
    **_settings("approx_hessian constant_hessian device xp class_indexing_offsets y_true_int y_true_one_hot"),
    **_of(node_of("ObjectNode", ".Interval"), "interval_y_pred interval_y_true"),
    "closs": node_of("LossNode"),
    "link": node_of("ObjectNode", ".LogitLink", ".MultinomialLogit"),
    "n_classes": either(nothing, _class_count),
}

_LINEAR: dict[str, Rule] = {
    **_settings("C class_weight dual fit_intercept intercept_scaling l1_ratio max_iter penalty random_state tol"),
    "classes_": _classes,
    "coef_": numbers(2),
    "intercept_": numbers(1),
    "loss": word("hinge", "squared_hinge", "log_loss", "modified_huber", "perceptron", "squared_error"),
    "n_iter_": either(count, _codes),
    "warm_start": flag,
}

_SGD: dict[str, Rule] = {
    **_LINEAR,
    **_settings("alpha average early_stopping epsilon eta0 learning_rate n_iter_no_change power_t shuffle"),
    **_settings("validation_fraction"),
    **_of(numbers(1, 2), "_average_coef _average_intercept _standard_coef _standard_intercept"),
    "_expanded_class_weight": numbers(1),
    "_loss_function_": node_of("LossNode"),
    "t_": number,
}

_SUPPORT: dict[str, Rule] = {
    **_settings("C cache_size class_weight max_iter nu probability random_state shrinking tol"),
    "classes_": _classes,
    "dual_coef_": numbers(2),
    "gamma": either(word("scale", "auto"), finite),
    "intercept_": numbers(1),
    "n_iter_": _codes,
    "support_": numbers(of="iu"),
    "support_vectors_": numbers(2),
}

_NEIGHBOURS: dict[str, Rule] = {
    "algorithm": word("auto", "brute", "kd_tree", "ball_tree"),
    "classes_": _classes_of_outputs,
    "effective_metric_": word("euclidean", "manhattan", "minkowski", "chebyshev", "cosine", "sqeuclidean", "l1", "l2"),
    "effective_metric_params_": mapping(either(nothing, finite)),
    "leaf_size": count,
    "metric": word("euclidean", "manhattan", "minkowski", "chebyshev", "cosine", "sqeuclidean", "l1", "l2"),
    "metric_params": either(nothing, mapping(either(nothing, finite))),
    "n_neighbors": count,
    "n_samples_fit_": count,
    "outputs_2d_": flag,
    "p": either(nothing, finite),
    "radius": either(nothing, finite),
    "weights": either(nothing, word("uniform", "distance")),
}

_ENCODER: dict[str, Rule] = {
    "_infrequent_enabled": flag,
    "_infrequent_indices": _packed_or_list,
    "_default_to_infrequent_mappings": _packed_or_list,
    "categories": either(word("auto"), _packed_or_list),
    "categories_": _packed_or_list,
    "dtype": _dtype,
    "feature_name_combiner": word("concat"),
    "handle_unknown": word("error", "ignore", "infrequent_if_exist", "use_encoded_value", "warn"),
    "max_categories": setting,
    "min_frequency": setting,
}

TABLE: dict[str, Mapping[str, Rule]] = {
    "sklearn._loss.link.Interval": {**_of(number, "high low"), **_of(flag, "high_inclusive low_inclusive")},
    "sklearn._loss.link.LogitLink": {},
    "sklearn._loss.link.MultinomialLogit": {},
    "sklearn._loss.loss.HalfBinomialLoss": _LOSS,
    "sklearn._loss.loss.HalfMultinomialLoss": _LOSS,
    "sklearn.calibration.CalibratedClassifierCV": {
        "calibrated_classifiers_": listing(node_of("ObjectNode", "._CalibratedClassifier")),
        "classes_": _classes,
        "cv": setting,
        "ensemble": either(flag, word("auto")),
        "estimator": either(nothing, _model),
        "method": word("sigmoid", "isotonic"),
    },
    "sklearn.calibration._CalibratedClassifier": {
        "calibrators": listing(node_of("ObjectNode", "._SigmoidCalibration", ".IsotonicRegression")),
        "classes": _classes,
        "estimator": _model,
        "method": word("sigmoid", "isotonic"),
    },
    "sklearn.calibration._SigmoidCalibration": _of(finite, "a_ b_"),
    "sklearn.compose._column_transformer.ColumnTransformer": {
        "_columns": listing(_columns),
        "_remainder": listing(either(node_of("JsonNode"), _step, _columns)),
        "_transformer_to_input_indices": mapping(either(whole_numbers, listing(count))),
        "force_int_remainder_cols": either(flag, word("deprecated")),
        "output_indices_": mapping(node_of("SliceNode")),
        "remainder": _step,
        "sparse_output_": flag,
        "sparse_threshold": finite,
        "transformer_weights": either(nothing, mapping(finite)),
        **_of(listing(listing(either(node_of("JsonNode"), _step, _columns))), "transformers transformers_"),
        "verbose_feature_names_out": flag,
    },
    "sklearn.decomposition._pca.PCA": {
        **_settings(
            "copy iterated_power n_components n_oversamples power_iteration_normalizer random_state svd_solver"
        ),
        **_settings("tol _fit_svd_solver"),
        **_of(numbers(1), "explained_variance_ explained_variance_ratio_ mean_ singular_values_"),
        "components_": numbers(2),
        **_of(count, "n_components_ n_samples_"),
        "noise_variance_": finite,
        "whiten": flag,
    },
    "sklearn.dummy.DummyClassifier": {
        **_of(word("most_frequent", "prior", "stratified", "uniform", "constant"), "_strategy strategy"),
        "class_prior_": either(numbers(1), listing(numbers(1))),
        "classes_": _classes_of_outputs,
        "constant": setting,
        "n_classes_": either(_class_count, listing(_class_count)),
        "n_outputs_": count,
        "random_state": setting,
        "sparse_output_": flag,
    },
    "sklearn.ensemble._forest.ExtraTreesClassifier": _FOREST,
    "sklearn.ensemble._forest.RandomForestClassifier": _FOREST,
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper": {
        **_settings("random_state subsample"),
        "bin_thresholds_": _packed_or_list,
        "is_categorical": either(nothing, _codes),
        "is_categorical_": _codes,
        "known_categories": either(nothing, _packed_or_list),
        **_of(whole(0, 1 << 16), "missing_values_bin_idx_ n_bins"),
        "n_bins_non_missing_": _codes,
        "n_threads": _threads,
    },
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier": {
        **_settings("_random_seed _use_validation_data class_weight do_early_stopping_ early_stopping"),
        **_settings("interaction_cst l2_regularization learning_rate max_bins max_depth max_features max_iter"),
        **_settings("max_leaf_nodes min_samples_leaf monotonic_cst n_iter_no_change random_state scoring tol"),
        **_settings("train_score_ validation_fraction validation_score_ warm_start"),
        "_baseline_prediction": either(finite, numbers(2)),
        "_bin_mapper": node_of("ObjectNode", "._BinMapper"),
        "_feature_subsample_rng": node_of("RandomGeneratorNode"),
        **_of(either(nothing, _codes), "_is_categorical_remapped is_categorical_"),
        "_label_encoder": node_of("ObjectNode", ".LabelEncoder"),
        "_loss": node_of("ObjectNode", ".HalfBinomialLoss", ".HalfMultinomialLoss"),
        "_n_features": count,
        "_predictors": listing(listing(node_of("ObjectNode", ".TreePredictor"))),
        "_preprocessor": either(nothing, node_of("ObjectNode", ".ColumnTransformer")),
        "_scorer": nothing,
        "categorical_features": either(setting, whole_numbers, text_array),
        "classes_": _classes,
        "loss": word("log_loss"),
        "n_trees_per_iteration_": _class_count,
    },
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor": {
        **_of(numbers(2, of="u"), "binned_left_cat_bitsets raw_left_cat_bitsets"),
        "nodes": numbers(1, of="V"),
    },
    "sklearn.impute._base.MissingIndicator": {
        "_n_features": count,
        "_precomputed": flag,
        "error_on_new": flag,
        "features": word("missing-only", "all"),
        "features_": numbers(of="iu"),
        "missing_values": either(nothing, number, node_of("JsonNode")),
        "sparse": either(flag, word("auto")),
    },
    "sklearn.impute._base.SimpleImputer": {
        **_of(node_of("DTypeNode"), "_fill_dtype _fit_dtype"),
        "add_indicator": flag,
        "copy": flag,
        "fill_value": either(nothing, number, node_of("JsonNode")),
        "indicator_": either(nothing, node_of("ObjectNode", ".MissingIndicator")),
        "keep_empty_features": flag,
        "missing_values": either(nothing, number, node_of("JsonNode")),
        "statistics_": either(numbers(1), text_array, node_of("NdArrayNode")),
        "strategy": word("mean", "median", "most_frequent", "constant"),
    },
    "sklearn.isotonic.IsotonicRegression": {
        **_of(finite, "X_max_ X_min_"),
        **_of(numbers(1, of="f"), "X_thresholds_ y_thresholds_"),
        "increasing": either(flag, word("auto")),
        "increasing_": flag,
        "out_of_bounds": word("nan", "clip", "raise"),
        **_of(either(nothing, number), "y_max y_min"),
    },
    "sklearn.kernel_approximation.Nystroem": {
        "_n_features_out": count,
        "component_indices_": numbers(of="iu"),
        "components_": numbers(2),
        "normalization_": numbers(2),
        **_of(either(nothing, finite), "coef0 gamma"),
        "degree": either(nothing, whole(0, 1000), finite),
        "kernel": word(
            "additive_chi2", "chi2", "cosine", "laplacian", "linear", "poly", "polynomial", "rbf", "sigmoid"
        ),
        "kernel_params": either(nothing, mapping(finite)),
        "n_components": count,
        "random_state": setting,
    },
    "sklearn.linear_model._logistic.LogisticRegression": {
        **_LINEAR,
        "multi_class": word("auto", "deprecated", "multinomial", "ovr"),
        "solver": word("lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga"),
    },
    "sklearn.linear_model._stochastic_gradient.SGDClassifier": _SGD,
    "sklearn.multiclass.OneVsOneClassifier": {
        "classes_": _classes,
        "estimator": _model,
        "estimators_": listing(_model),
        "pairwise_indices_": nothing,
    },
    "sklearn.multiclass.OneVsRestClassifier": {
        "classes_": _classes,
        "estimator": _model,
        "estimators_": listing(_model),
        "label_binarizer_": node_of("ObjectNode", ".LabelBinarizer"),
    },
    "sklearn.naive_bayes.GaussianNB": {
        **_of(numbers(1), "class_count_ class_prior_"),
        **_of(numbers(2), "theta_ var_"),
        "classes_": _classes,
        "epsilon_": finite,
        "priors": setting,
        "var_smoothing": finite,
    },
    "sklearn.neighbors._classification.KNeighborsClassifier": {
        **_NEIGHBOURS,
        "_fit_X": numbers(2, of="f"),
        "_fit_method": word("brute"),
        "_tree": nothing,
        "_y": numbers(1, 2, of="iu"),
    },
    "sklearn.pipeline.Pipeline": {
        "memory": nothing,
        "steps": listing(listing(either(node_of("JsonNode"), _step))),
        "transform_input": setting,
    },
    "sklearn.preprocessing._data.MinMaxScaler": {
        "clip": flag,
        "copy": flag,
        "feature_range": listing(finite),
        **_of(numbers(1), "data_max_ data_min_ data_range_ min_ scale_"),
        "n_samples_seen_": count,
    },
    "sklearn.preprocessing._data.StandardScaler": {
        **_of(flag, "copy with_mean with_std"),
        **_of(either(nothing, numbers(1)), "mean_ scale_ var_"),
        "n_samples_seen_": either(number, numbers(1)),
    },
    "sklearn.preprocessing._encoders.OneHotEncoder": {
        **_ENCODER,
        **_of(either(nothing, node_of("NdArrayNode")), "_drop_idx_after_grouping drop_idx_"),
        "_n_features_outs": either(whole_numbers, listing(count)),
        "drop": either(nothing, word("first", "if_binary"), listing(node_of("JsonNode")), text_array),
        "sparse_output": flag,
    },
    "sklearn.preprocessing._encoders.OrdinalEncoder": {
        **_ENCODER,
        "_missing_indices": mapping(count),
        **_of(either(nothing, number), "encoded_missing_value unknown_value"),
    },
    "sklearn.preprocessing._function_transformer.FunctionTransformer": {
        **_of(flag, "accept_sparse check_inverse validate"),
        "feature_names_out": either(nothing, word("one-to-one")),
        "func": either(nothing, node_of("PartialNode")),
        **_of(nothing, "inv_kw_args inverse_func kw_args"),
    },
    "sklearn.preprocessing._label.LabelBinarizer": {
        "classes_": _classes,
        **_of(whole(-(1 << 31), 1 << 31), "neg_label pos_label"),
        **_of(flag, "sparse_input_ sparse_output"),
        "y_type_": word("binary", "multiclass", "multilabel-indicator"),
    },
    "sklearn.preprocessing._label.LabelEncoder": {"classes_": _classes},
    "sklearn.preprocessing._target_encoder.TargetEncoder": {
        **_ENCODER,
        **_settings("cv random_state shuffle smooth"),
        "classes_": _classes,
        "encodings_": _packed_or_list,
        "target_mean_": either(finite, numbers(1, of="f")),
        **_of(word("auto", "binary", "continuous", "multiclass"), "target_type target_type_"),
    },
    "sklearn.svm._classes.LinearSVC": {**_LINEAR, "multi_class": word("ovr", "crammer_singer")},
    "sklearn.svm._classes.SVC": {
        **_SUPPORT,
        **_of(numbers(2), "_dual_coef_"),
        **_of(numbers(1), "_intercept_ _probA _probB class_weight_"),
        **_of(numbers(of="iu"), "_n_support _num_iter"),
        **_of(flag, "_effective_probability _sparse break_ties"),
        **_of(finite, "_gamma coef0 epsilon"),
        "decision_function_shape": word("ovo", "ovr"),
        "degree": whole(0, 1000),
        "fit_status_": whole(0, 1),
        "kernel": word("linear", "poly", "rbf", "sigmoid"),
        "shape_fit_": listing(count),
    },
    "sklearn.tree._classes.DecisionTreeClassifier": _TREE,
    "sklearn.tree._classes.ExtraTreeClassifier": _TREE,
    "tenfold.record.bundle.codecs.packed.Packed": {
        "form": word("text array", "text list", "number list", "arrays"),
        "counts": numbers(of="i"),
        **_of(either(nothing, numbers(of="iu")), "utf8 ends gaps"),
        "values": _numbers_or_nothing,
    },
    "tenfold.models.cells.columns.EmptyColumns": {"empty_": numbers(of="b")},
    "tenfold.models.chain.OrderedChain": {
        "classes_": listing(_classes),
        "estimator": _model,
        "estimators_": listing(_model),
        "order_": either(whole_numbers, listing(count)),
        "random_state": setting,
    },
    "tenfold.models.linear.classifier.SGDClassifier": _SGD,
    "tenfold.models.naive_bayes.MixedNaiveBayes": {
        "alpha": finite,
        "categorical": either(nothing, whole_numbers, listing(count)),
        "category_count_": numbers(3),
        "class_count_": numbers(1),
        "classes_": _classes,
        **_of(numbers(2), "count_ mean_ squares_"),
        "var_smoothing": finite,
    },
    "tenfold.models.neighbours.classifier.KNeighborsClassifier": {
        **_NEIGHBOURS,
        "_codes": numbers(2, of="i"),
        "_rows": numbers(2),
    },
    "tenfold.models.support.classifier.GaussianSVC": {
        **_SUPPORT,
        "break_ties": flag,
        "class_weight_": numbers(1),
        "decision_function_shape": word("ovr", "ovo"),
        "gamma_": finite,
        "library_": setting,
        "n_support_": numbers(of="iu"),
    },
    "tenfold.data.kinds.image.preparation.FlattenPixels": {
        "dtype": word("float32", "float64", "uint8"),
        "largest_": finite,
        "n_values_": count,
        "unit": flag,
    },
}
"""Full name of a type -> its attributes -> what each may hold; beside them those that every estimator may have."""


def check_attributes(node: Stored, arrays: StoredArrays) -> None:
    """
    Refuse an object with an attribute that its type does not have in the table, or with another value than allowed.

    Raises
    ------
    Refused
        The message names the type and the attribute.
    """
    allowed, name = TABLE[node.type], node.type.rpartition(".")[2]
    for attribute, part in attributes(node).items():
        rule = allowed.get(attribute) or _COMMON.get(attribute)
        demand(
            rule is not None, f"its {name} has an attribute '{shown(attribute, 40)}', which is not on Tenfold's list"
        )
        if rule is not None and not rule(part, arrays):
            value = repr(part.value) if part.kind == "JsonNode" else f"a {part.type}"
            refuse(f"the {attribute} of its {name} is none that Tenfold knows ({shown(value, 60)})")
