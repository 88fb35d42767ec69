"""The learner, its calibration and the baselines. What was tried, and in which order, is in card.md."""
import numpy as np
import xgboost
from sklearn.linear_model import LogisticRegression

from features import CONSIDERED, READ

SETTINGS = {
    "objective": "binary:logistic",
    # Depth 2: every tree joins at most two features, which makes the Shapley values of src/prediction/explanation.ts exact.
    "max_depth": 2,
    "eta": 0.05,
    "min_child_weight": 10,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "lambda": 5.0,
    "base_score": 0.5,
    "tree_method": "exact",
    "nthread": 1,
    "seed": 20260101,
}
ROUNDS = 120
# A worse report never lowers the risk, whatever chance says in thirteen people.
MONOTONE = [feature["monotone"] for feature in READ + CONSIDERED]


def trees(cohort, columns, monotone=True):
    settings = {**SETTINGS, "monotone_constraints": tuple(MONOTONE[c] for c in columns)} if monotone else SETTINGS
    data = xgboost.DMatrix(cohort.x[:, columns], label=cohort.y)
    return xgboost.train(settings, data, num_boost_round=ROUNDS)


def margin(booster, x):
    return booster.predict(xgboost.DMatrix(x), output_margin=True).astype(float)


def unseen_margins(cohort, columns, monotone=True):
    """Each row's log-odds from trees that never saw its person."""
    margins = np.empty(len(cohort.y))
    for who in np.unique(cohort.person):
        held = cohort.person == who
        margins[held] = margin(trees(cohort.where(~held), columns, monotone), cohort.x[held][:, columns])
    return margins


def platt(margins, y):
    """Slope and intercept that turn log-odds of unseen people into probabilities."""
    fit = LogisticRegression(C=1.0).fit(margins[:, None], y)
    return float(fit.coef_[0][0]), float(fit.intercept_[0])


def calibrated(margins, slope, intercept):
    return 1 / (1 + np.exp(-(slope * margins + intercept)))


def boosted(columns, monotone=True):
    """fit(cohort) -> predict(x): trees, calibrated on inner leave-one-person-out margins."""

    def fit(cohort):
        slope, intercept = platt(unseen_margins(cohort, columns, monotone), cohort.y)
        booster = trees(cohort, columns, monotone)
        return lambda x: calibrated(margin(booster, x[:, columns]), slope, intercept)

    return fit


def logistic(columns):
    """Two-line rival: logistic regression, missing values set to the training mean."""

    def fit(cohort):
        centre = np.nanmean(cohort.x[:, columns], axis=0)
        spread = np.nanstd(cohort.x[:, columns], axis=0) + 1e-9
        ready = lambda x: np.nan_to_num((x[:, columns] - centre) / spread, nan=0.0)
        model = LogisticRegression(C=1.0, max_iter=1000).fit(ready(cohort.x), cohort.y)
        return lambda x: model.predict_proba(ready(x))[:, 1]

    return fit


def prevalence(cohort):
    return lambda x: np.full(len(x), cohort.y.mean())


def persistence(column, threshold):
    """Next week will be as last week was: the outcome's rate among training rows alike in that."""

    def fit(cohort):
        alike = cohort.x[:, column] >= threshold
        high, low = cohort.y[alike].mean(), cohort.y[~alike].mean()
        return lambda x: np.where(x[:, column] >= threshold, high, low)

    return fit


def leave_one_person_out(cohort, fit):
    """Predictions for every row by a model, calibration included, that never saw its person."""
    predicted = np.empty(len(cohort.y))
    for who in np.unique(cohort.person):
        held = cohort.person == who
        predicted[held] = fit(cohort.where(~held))(cohort.x[held])
    return predicted
