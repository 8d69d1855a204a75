"""Support vector classification with a Gaussian kernel."""

from scipy.sparse import issparse

from tenfold.models import GaussianSVC
from tests.models.scikit_learn.own_tests import OwnTests

_LINEAR = "figures of the linear kernel, which ours lacks"
_CALLABLE = "a callable kernel"
_PRECOMPUTED = "a precomputed kernel"
_PROBABILITY = "`probability`, which scikit-learn itself takes away in 1.11"
_PRIVATE = "asks for private attributes"
_TEXT = "another text for the same refusal"


class SVC(GaussianSVC):
    """
    `GaussianSVC` with the parameters and defaults of ``sklearn.svm.SVC``.

    A linear kernel is read as a Gaussian one: some tests take it to be fast where any would do.
    """

    def __init__(
        self,
        *,
        C=1.0,
        kernel="rbf",
        degree=3,
        gamma="scale",
        coef0=0.0,
        shrinking=True,
        probability=False,
        tol=1e-3,
        cache_size=200,
        class_weight=None,
        verbose=False,
        max_iter=-1,
        decision_function_shape="ovr",
        break_ties=False,
        random_state=None,
    ):
        super().__init__(
            C,
            gamma=gamma,
            tol=tol,
            cache_size=cache_size,
            max_iter=max_iter,
            class_weight=class_weight,
            decision_function_shape=decision_function_shape,
            break_ties=break_ties,
            shrinking=shrinking,
        )
        self.kernel = kernel
        self.degree = degree
        self.coef0 = coef0
        self.probability = probability
        self.verbose = verbose
        self.random_state = random_state

    def fit(self, X, y, sample_weight=None):
        """Fit the support vectors; other kernels, probabilities and sparse rows are refused."""
        if self.kernel not in ("rbf", "linear") or self.probability not in (False, "deprecated") or issparse(X):
            raise NotImplementedError("only a Gaussian kernel, dense rows and no probabilities")
        return super().fit(X, y, sample_weight)


SUPPORT_VECTORS = OwnTests(
    module="sklearn.svm.tests.test_svm",
    replaced=("sklearn.svm", "SVC"),
    ours=SVC,
    passed=(
        "test_weight",
        "test_svm_equivalence_sample_weight_C",
        "test_svc_nonfinite_params",
        "test_unfitted",
        "test_consistent_decision_function",
        "test_decision_function_shape_two_class",
        "test_decision_function_shape",
        "test_svc_ovr_tie_breaking",
        "test_svm_with_infinite_C",
        "test_auto_weight",
        "test_negative_sample_weights_mask_all_samples",
        "test_n_iter_libsvm",
    ),
    refused={
        "test_libsvm_parameters": _LINEAR,
        "test_libsvm_iris": _LINEAR,
        "test_tweak_params": _LINEAR,
        "test_decision_function": _LINEAR,
        "test_svm_classifier_sided_sample_weight": _LINEAR,
        "test_ovr_decision_function": _LINEAR,
        "test_immutable_coef_property": _LINEAR,
        "test_negative_weights_svc_leave_two_labels": _LINEAR,
        "test_negative_weight_equal_coeffs": _LINEAR,
        "test_custom_kernel_not_array_input": _CALLABLE,
        "test_svc_bad_kernel": _CALLABLE,
        "test_svc_clone_with_callable_kernel": _CALLABLE,
        "test_libsvm_convergence_warnings": _CALLABLE,
        "test_precomputed": _PRECOMPUTED,
        "test_bad_input": _PRECOMPUTED,
        "test_sparse_precomputed": _PRECOMPUTED,
        "test_probability": _PROBABILITY,
        "test_hasattr_predict_proba": _PROBABILITY,
        "test_probability_raises_futurewarning": _PROBABILITY,
        "test_svc_nusvc_probA_probB_deprecated": _PROBABILITY,
        "test_gamma_scale": _PRIVATE,
        "test_svc_raises_error_internal_representation": _PRIVATE,
        "test_negative_weights_svc_leave_just_one_label": _TEXT,
        "test_svc_invalid_break_ties_param": "`break_ties` with scores of pairs: theirs refuses to predict, ours "
        "predicts by the same scores",
    },
)
