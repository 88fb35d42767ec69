"""Features of one person on one day, from features.json. src/prediction/features.ts does the same and golden.json holds both equal."""
import json
import math
from datetime import date, timedelta
from pathlib import Path

DEFINITIONS = json.loads((Path(__file__).parent / "features.json").read_text())
READ = DEFINITIONS["features"]
CONSIDERED = DEFINITIONS["considered"]


def at(day, path):
    """The value at a dotted path of a daily summary, or None."""
    for member in path.split("."):
        day = day.get(member) if day is not None else None
    return day


def measure_value(day, name):
    measure = DEFINITIONS["measures"][name]
    if measure["kind"] == "value":
        return at(day, measure["path"])
    values = [at(day, path) for path in measure["paths"]]
    if measure["kind"] == "anyAtMost":
        known = [value for value in values if value is not None]
        return None if not known else float(any(value <= measure["atMost"] for value in known))
    worn = any((at(day, path) or 0) > 0 for path in measure["wornWhenAnyAboveZero"])
    return None if not worn or any(value is None for value in values) else sum(values)


def window(days, name, as_of, first, last):
    """(offset, value) of the days as_of+first … as_of+last that have the measure, oldest first."""
    found = []
    for offset in range(first, last + 1):
        day = days.get((as_of + timedelta(days=offset)).isoformat())
        value = None if day is None else measure_value(day, name)
        if value is not None:
            found.append((offset, float(value)))
    return found


def mean(values):
    return sum(values) / len(values)


def sd(values):
    if len(values) < 2:
        return math.nan
    centre = mean(values)
    return math.sqrt(sum((value - centre) ** 2 for value in values) / (len(values) - 1))


def slope(points):
    x_mean, y_mean = mean([x for x, _ in points]), mean([y for _, y in points])
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    return math.nan if spread == 0 else sum((x - x_mean) * (y - y_mean) for x, y in points) / spread


def feature_value(days, feature, as_of):
    points = window(days, feature["measure"], as_of, 1 - feature["days"], 0)
    if len(points) < feature["minimum"]:
        return math.nan
    values = [value for _, value in points]
    match feature["statistic"]:
        case "last":
            return values[-1]
        case "mean":
            return mean(values)
        case "sd":
            return sd(values)
        case "trend":
            return slope(points)
        case "deviation":
            first = 1 - feature["days"] - feature["baselineDays"]
            baseline = [value for _, value in window(days, feature["measure"], as_of, first, -feature["days"])]
            spread = sd(baseline) if len(baseline) >= feature["baselineMinimum"] else 0
            # Rounding alone can leave a constant baseline a spread of 1e-17.
            return math.nan if not spread > 1e-9 else (mean(values) - mean(baseline)) / spread
    raise ValueError(f"unknown statistic {feature['statistic']}")


def features(days, as_of, definitions=READ):
    """One vector in the order of the definitions. `days` maps YYYY-MM-DD to a daily summary; only days up to `as_of` are read."""
    day = date.fromisoformat(as_of)
    return [feature_value(days, feature, day) for feature in definitions]


def unmet(requirements, days, as_of):
    """The requirements (manifest.json) that this person's data does not meet on this day: the model abstains."""
    day = date.fromisoformat(as_of)
    return [r for r in requirements if len(window(days, r["measure"], day, 1 - r["days"], 0)) < r["minimum"]]
