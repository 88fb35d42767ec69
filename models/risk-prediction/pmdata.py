"""PMData (Thambawita et al. 2020, CC BY 4.0) as daily summaries: the members of src/series/daily-summary.ts."""
import csv
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SCORES = {"mood": "mood", "stress": "stress", "fatigue": "fatigue", "sleep_quality": "sleepQuality", "soreness": "soreness", "readiness": "readiness"}
ASLEEP = {"asleep", "light", "deep", "rem"}


def entries(folder, name):
    path = folder / "fitbit" / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else []


def night(log):
    start = datetime.fromisoformat(log["startTime"])
    asleep = next((part for part in log["levels"]["data"] if part["level"] in ASLEEP), None)
    onset = datetime.fromisoformat(asleep["dateTime"]) if asleep else start
    midnight = datetime.fromisoformat(log["dateOfSleep"])
    minutes = lambda moment: (moment.replace(tzinfo=None) - midnight) / timedelta(minutes=1)
    return {
        "sleepMinutes": log["minutesAsleep"],
        "inBedMinutes": log["timeInBed"],
        "sleepEfficiency": log["minutesAsleep"] / log["timeInBed"],
        "sleepOnset": minutes(onset),
        "sleepOffset": minutes(datetime.fromisoformat(log["endTime"])),
    }


def participant(root, name):
    """{YYYY-MM-DD: daily summary}. A night belongs to the day it ends on; of several logs the longest counts."""
    folder = root / name
    days = {}
    day = lambda date: days.setdefault(date, {"date": date})
    for kind in ("lightly_active", "moderately_active", "very_active", "sedentary"):
        first, *rest = kind.split("_")
        member = first + "".join(word.capitalize() for word in rest) + "Minutes"
        for entry in entries(folder, f"{kind}_minutes"):
            day(entry["dateTime"][:10])[member] = int(entry["value"])
    for entry in entries(folder, "resting_heart_rate"):
        # The device writes 0 where it could not tell.
        if entry["value"]["value"] > 0:
            day(entry["dateTime"][:10])["restingHeartRate"] = entry["value"]["value"]
    nights = {}
    for log in entries(folder, "sleep"):
        if log["timeInBed"] > 0 and log["duration"] > nights.get(log["dateOfSleep"], {"duration": 0})["duration"]:
            nights[log["dateOfSleep"]] = log
    for date, log in nights.items():
        day(date).update(night(log))
    with open(folder / "pmsys" / "wellness.csv", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["effective_time_frame"])
    for row in rows:
        moment = datetime.fromisoformat(row["effective_time_frame"]).astimezone(ZoneInfo("Europe/Oslo"))
        # The scale is 1–5 (readiness 1–10): the few 0 are no answers. A later report of the day replaces an earlier one.
        scores = {ours: int(row[theirs]) for theirs, ours in SCORES.items() if row[theirs] and int(row[theirs]) >= 1}
        if scores:
            day(moment.date().isoformat()).setdefault("selfReport", {}).update(scores)
    return days
