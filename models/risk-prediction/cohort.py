"""The rows a model is trained and judged on: one per person and day that the model would answer for and whose next week is known."""
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from features import CONSIDERED, READ, features, measure_value, unmet, window

TASK = {"horizonDays": 7, "difficultDays": 3, "minimumReports": 5}
REQUIREMENTS = [
    {"measure": "difficultDay", "days": 28, "minimum": 7, "text": "daily self-reports of mood or stress in the last 28 days"},
    {"measure": "difficultDay", "days": 7, "minimum": 2, "text": "daily self-reports of mood or stress in the last 7 days"},
]


def outcome(days, as_of):
    """1 where at least 3 of the next 7 days are reported below normal, None where fewer than 5 of them are reported."""
    reports = window(days, "difficultDay", date.fromisoformat(as_of), 1, TASK["horizonDays"])
    if len(reports) < TASK["minimumReports"]:
        return None
    return int(sum(value for _, value in reports) >= TASK["difficultDays"])


@dataclass
class Cohort:
    """`x` holds the features read, then those considered; `reports` how many of the last 28 days were reported."""

    x: np.ndarray
    y: np.ndarray
    person: np.ndarray
    day: np.ndarray
    reports: np.ndarray
    abstained: int

    def where(self, rows):
        return Cohort(self.x[rows], self.y[rows], self.person[rows], self.day[rows], self.reports[rows], 0)

    def independent_weeks(self):
        """Rows no two of which share a day of outcome: the honest size behind the overlapping windows."""
        count = 0
        for who in np.unique(self.person):
            last = -99
            for day in sorted(self.day[self.person == who]):
                if day - last >= TASK["horizonDays"]:
                    count, last = count + 1, day
        return count


def cohort(people):
    """`people` maps a name to that person's daily summaries."""
    x, y, person, day, reports, abstained = [], [], [], [], [], 0
    for name, days in sorted(people.items()):
        reported = [d for d in days if measure_value(days[d], "difficultDay") is not None]
        current, last = date.fromisoformat(min(reported)), date.fromisoformat(max(reported))
        while current <= last:
            as_of = current.isoformat()
            label = outcome(days, as_of)
            if label is not None:
                if unmet(REQUIREMENTS, days, as_of):
                    abstained += 1
                else:
                    x.append(features(days, as_of, READ + CONSIDERED))
                    y.append(label)
                    person.append(name)
                    day.append(current.toordinal())
                    reports.append(len(window(days, "difficultDay", current, -27, 0)))
            current += timedelta(days=1)
    return Cohort(np.array(x, dtype=np.float32), np.array(y), np.array(person), np.array(day), np.array(reports), abstained)
