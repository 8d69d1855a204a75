"""Nearest neighbours."""

from tenfold.models import KNeighborsClassifier, KNeighborsRegressor
from tests.models.scikit_learn.own_tests import OwnTests

NEIGHBOURS = OwnTests(
    module="sklearn.neighbors.tests.test_neighbors",
    replaced=("sklearn.neighbors", "KNeighborsClassifier"),
    ours=KNeighborsClassifier,
    passed=(
        "test_precomputed_dense",
        "test_precomputed_sparse_knn",
        "test_precomputed_cross_validation",
        "test_kneighbors_classifier",
        "test_kneighbors_classifier_float_labels",
        "test_kneighbors_classifier_predict_proba",
        "test_kneighbors_classifier_sparse",
        "test_KNeighborsClassifier_multioutput",
        "test_neighbors_iris",
        "test_neighbors_digits",
        "test_neighbors_validate_parameters",
        "test_neighbors_minkowski_semimetric_algo_error",
        "test_metric_params_interface",
        "test_same_knn_parallel",
        "test_knn_forcing_backend",
        "test_dtype_convert",
        "test_nan_euclidean_support",
        "test_predict_dataframe",
        "test_KNeighborsClassifier_raise_on_all_zero_weights",
        "test_neighbor_classifiers_loocv",
        "test_neighbors_classifier_with_string_labels",
    ),
    refused={
        "test_neigh_predictions_algorithm_agnosticity": "takes a class of another family for one by radius, and "
        "a radius of 500 for a number of neighbours",
        "test_unsupervised_inputs": "rows that are a search tree of scikit-learn",
        "test_neighbors_minkowski_semimetric_algo_warn": "asks for a private attribute",
        "test_predict_sparse_ball_kd_tree": "sparse queries of dense rows, which theirs refuses with a tree",
    },
)

NEIGHBOUR_MEANS = OwnTests(
    module="sklearn.neighbors.tests.test_neighbors",
    replaced=("sklearn.neighbors", "KNeighborsRegressor"),
    ours=KNeighborsRegressor,
    passed=(
        "test_kneighbors_regressor",
        "test_KNeighborsRegressor_multioutput_uniform_weight",
        "test_kneighbors_regressor_multioutput",
        "test_neighbors_regressors_zero_distance",
        "test_neighbor_regressors_loocv",
        "test_regressor_predict_on_arraylikes",
        "test_predict_dataframe",
        "test_nan_euclidean_support",
    ),
    refused={
        "test_kneighbors_regressor_sparse": "sparse queries of dense rows, which theirs refuses with a tree",
    },
)
