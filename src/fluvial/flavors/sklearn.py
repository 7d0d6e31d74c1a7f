"""scikit-learn: estimators and pipelines, as skops files; pickled only where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sklearn
from sklearn.base import BaseEstimator

from fluvial.errors import InvalidModel, InvalidRequest
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import FORMATS as PICKLED
from fluvial.flavors._pickled import load_pickle, save_pickle
from fluvial.flavors._skops import load_skops, save_skops

ARGUMENT = "sk_model"
SKOPS = "skops"
# What estimators consist of that skops leaves to whoever loads them: compiled trees and indexes, losses,
# kernels and functions that score. Making them runs nothing but scikit-learn's own code on numbers.
OWN = (
    "numpy.dtype",
    "numpy.mean",
    "scipy._lib.array_api_compat.numpy._aliases.asarray",
    "scipy.interpolate._bsplines.BSpline",
    "scipy.sparse._csr.csr_matrix",
    "sklearn._loss.*",
    "sklearn.calibration._*",
    "sklearn.cluster._bisect_k_means.*",
    "sklearn.cluster._kmeans._kmeans_single_*",
    "sklearn.ensemble._hist_gradient_boosting.*",
    "sklearn.feature_selection._univariate_selection.*",
    "sklearn.gaussian_process.*",
    "sklearn.metrics._dist_metrics.*",
    "sklearn.neighbors._ball_tree.*",
    "sklearn.neighbors._kd_tree.*",
    "sklearn.neural_network._stochastic_optimizers.*",
    "sklearn.tree._tree.*",
)
PREDICTIONS = (
    "predict",
    "predict_proba",
    "predict_log_proba",
    "predict_joint_log_proba",
    "score",
    "transform",
)


def save(
    model: Any,
    saving: Saving,
    *,
    serialization_format: str = SKOPS,
    skops_trusted_types: Sequence[str] = (),
    pyfunc_predict_fn: str = "predict",
) -> Saved:
    """Write an estimator.

    Args:
        model: It, fitted.
        saving: Where to.
        serialization_format: `skops`; or `cloudpickle` or `pickle`, where these are allowed.
        skops_trusted_types: Types beside scikit-learn's that you have looked at.
        pyfunc_predict_fn: Its method that predicts.
    """
    if not isinstance(model, BaseEstimator):
        raise InvalidModel(f"{type(model).__name__} is no estimator of scikit-learn.")
    if pyfunc_predict_fn not in PREDICTIONS or not hasattr(model, pyfunc_predict_fn):
        can = [name for name in PREDICTIONS if hasattr(model, name)]
        raise InvalidRequest(f"{type(model).__name__} has no {pyfunc_predict_fn}; it has {', '.join(can)}.")
    to_trust: list[str] = []
    if serialization_format == SKOPS:
        name = "model.skops"
        to_trust = save_skops(model, saving.folder / name, OWN, skops_trusted_types)
    elif serialization_format in PICKLED:
        name = "model.pkl"
        save_pickle(
            model,
            saving.folder / name,
            how=serialization_format,
            is_allowed=saving.allow_pickle,
            instead="serialization_format='skops' keeps it without code.",
        )
    else:
        formats = ", ".join((SKOPS, *PICKLED))
        raise InvalidRequest(f"serialization_format is one of {formats}, not {serialization_format!r}.")
    keys = {
        "pickled_model": name,
        "sklearn_version": sklearn.__version__,
        "serialization_format": serialization_format,
        "skops_trusted_types": to_trust or None,
        "code": None,
    }
    needs = ("skops",) if serialization_format == SKOPS else (serialization_format,)
    modules = {type(part).__module__.partition(".")[0] for part in _parts(model)}
    return Saved(
        keys=keys,
        pyfunc={"model_path": name, "predict_fn": pyfunc_predict_fn},
        modules=("sklearn", *sorted(modules - {"sklearn", "__main__"}), *needs),
    )


def load(loading: Loading) -> Any:
    """The estimator."""
    keys = loading.keys
    if keys.get("serialization_format") == SKOPS:
        return load_skops(loading.folder / keys["pickled_model"], OWN, loading.trusted)
    return load_pickle(loading.folder / keys["pickled_model"], loading)


def predictor(model: Any, loading: Loading) -> Predict:
    """Its method that predicts; params become its keyword arguments."""
    name = loading.pyfunc.get("predict_fn", "predict")
    if name not in PREDICTIONS:
        raise InvalidModel(f"{name!r} is no method of an estimator that predicts: {', '.join(PREDICTIONS)}.")
    method = getattr(model, name)
    return lambda data, params: method(data, **params)


def _parts(model: Any) -> list[Any]:
    """An estimator and those within it."""
    found = [model]
    if hasattr(model, "steps"):
        found += [part for _, step in model.steps for part in _parts(step) if step is not None]
    if hasattr(model, "transformers"):
        found += [part for _, step, *_ in model.transformers for part in _parts(step)]
    return found
