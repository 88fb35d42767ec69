"""Scores for predictions made for people the model has not seen. Every interval resamples people, not days."""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score


def auc(y, p):
    return float(roc_auc_score(y, p)) if 0 < y.sum() < len(y) else None


def auc_within(y, p, person):
    """Mean AUC inside each person who has both outcomes, weighted by that person's rows: what is left when who-it-is is known."""
    scores, weights = [], []
    for who in np.unique(person):
        rows = person == who
        value = auc(y[rows], p[rows])
        if value is not None:
            scores.append(value)
            weights.append(rows.sum())
    return (float(np.average(scores, weights=weights)), len(scores)) if scores else (None, 0)


def by_person(statistic, y, p, person, seed, draws):
    """95 % percentile interval of a statistic over bootstrap draws of whole people."""
    rng = np.random.default_rng(seed)
    rows_of = {who: np.flatnonzero(person == who) for who in np.unique(person)}
    people = sorted(rows_of)
    values = []
    for _ in range(draws):
        rows = np.concatenate([rows_of[who] for who in rng.choice(people, len(people))])
        value = statistic(y[rows], p[rows])
        if value is not None:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def calibration(y, p, bins=5):
    """Equal-count bins, and the slope and intercept of the outcome on the log-odds (1 and 0 are perfect)."""
    order = np.argsort(p, kind="stable")
    table = [
        {"n": len(rows), "predicted": round(float(p[rows].mean()), 3), "observed": round(float(y[rows].mean()), 3)}
        for rows in np.array_split(order, bins)
    ]
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped))
    if np.ptp(logit) < 1e-9:
        return {"bins": table}
    fit = LogisticRegression(C=1e6).fit(logit[:, None], y)
    return {"bins": table, "slope": round(float(fit.coef_[0][0]), 3), "intercept": round(float(fit.intercept_[0]), 3)}


def brier_gain(y, rival, ours, person, seed, draws=2000):
    """How much lower our Brier score is than the rival's, with its interval: above 0 means better for new people."""
    gain = (y - rival) ** 2 - (y - ours) ** 2
    interval = by_person(lambda a, _: float(a.mean()), gain, gain, person, seed, draws)
    return {"gain": round(float(gain.mean()), 4), "interval": interval}


def report(y, p, person, seed, draws=2000):
    """All figures of one row of the results table. `p` are probabilities."""
    brier = lambda a, b: float(np.mean((a - b) ** 2))
    within, people_within = auc_within(y, p, person)
    value = auc(y, p)
    flat = np.ptp(p) < 1e-12
    return {
        "auc": 0.5 if flat else round(value, 3),
        "aucInterval": None if flat else by_person(auc, y, p, person, seed, draws),
        "aucWithinPerson": None if within is None or flat else round(within, 3),
        "peopleWithin": people_within,
        "averagePrecision": round(float(average_precision_score(y, p)), 3),
        "brier": round(brier(y, p), 4),
        "brierInterval": by_person(brier, y, p, person, seed, draws),
    }
