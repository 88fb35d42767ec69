"""golden.json: daily summaries with the features, log-odds and probabilities that TypeScript must reproduce."""
import math
import random
from datetime import date, timedelta

import numpy as np

from cohort import REQUIREMENTS
from features import CONSIDERED, READ, features, unmet
from learner import calibrated
from shapley import shapley

SEED = 7


def synthetic(start, length):
    """An invented person with holes in every measure, so that missing values are exercised."""
    rng = random.Random(SEED)
    there = lambda share: rng.random() < share
    days = {}
    for offset in range(length):
        day = {"date": (date.fromisoformat(start) + timedelta(days=offset)).isoformat()}
        if there(0.6):
            minutes, bed = rng.randint(240, 520), rng.randint(525, 600)
            day.update(sleepMinutes=minutes, inBedMinutes=bed, sleepEfficiency=minutes / bed, sleepOnset=rng.randint(-120, 90))
        if there(0.5):
            day["restingHeartRate"] = round(rng.gauss(62, 3), 1)
        if there(0.7):
            worn = there(0.8)
            for kind in ("lightly", "moderately", "very"):
                day[f"{kind}ActiveMinutes"] = rng.randint(0, 90) if worn else 0
        report = {k: rng.randint(1, 5) for k in ("mood", "stress", "fatigue", "sleepQuality") if there(0.55)}
        if report:
            day["selfReport"] = report
        if len(day) > 1:
            days[day["date"]] = day
    return days


def known(values):
    return [None if math.isnan(value) else value for value in values]


def golden(series, predict_margin, slope, intercept, reference):
    """60 vectors and 6 explanations from the series, plus days on which the model must abstain."""
    vectors, abstentions = [], []
    for name, days in series.items():
        dates = sorted(days)
        for index, as_of in enumerate(dates[5 :: max(1, (len(dates) - 5) // 40)]):
            missing = unmet(REQUIREMENTS, days, as_of)
            if missing:
                abstentions.append({"series": name, "asOf": as_of, "unmet": [r["text"] for r in missing]})
                continue
            x = features(days, as_of)
            margin = float(predict_margin(np.array([x], dtype=np.float32))[0])
            vector = {
                "series": name,
                "asOf": as_of,
                "features": known(x),
                "considered": known(features(days, as_of, CONSIDERED)),
                "margin": margin,
                "probability": float(calibrated(margin, slope, intercept)),
            }
            if index % 14 == 7:
                vector["contributions"] = shapley(predict_margin, x, reference)
            vectors.append(vector)
    return {
        "about": "Daily summaries -> features (1e-9) -> probability (1e-6) -> Shapley values of the log-odds before calibration (1e-5). Written by train.py.",
        "attribution": "Series `p06` is derived from participant p06 of PMData (Thambawita et al., MMSys 2020, https://datasets.simula.no/pmdata, CC BY 4.0), summed up by day; `synthetic` is invented.",
        "features": [f["name"] for f in READ],
        "considered": [f["name"] for f in CONSIDERED],
        "series": {name: list(days[d] for d in sorted(days)) for name, days in series.items()},
        "vectors": vectors,
        "abstentions": abstentions,
    }
