"""
Trains, judges and writes the risk model: python3 train.py [path of the data folder]
Default: ../shared/data beside the repository. Needs ../requirements.txt. The same data and seeds give the same bytes.
"""
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "training")]

import numpy as np
import onnxruntime

import evaluation
import learner
from cohort import REQUIREMENTS, TASK, Cohort, cohort
from features import CONSIDERED, READ
from golden import golden, synthetic
from pmdata import participant
from tree_ensemble import margin_graph

HELD_OUT = "p06"  # The demo's person: never trained on, reported alone.
BOOTSTRAP_SEED = 20260102
SHIPPED = "XGBoost, self-report (shipped)"
BANDS = [{"code": "low", "below": 0.2}, {"code": "moderate", "below": 0.5}, {"code": "high"}]


def read_data(root):
    if not (root / "p01").is_dir():
        sys.exit(f"PMData is not at {root}: give the data folder as argument. The committed model.onnx stays as it is.")
    names = sorted(path.name for path in root.iterdir() if (path / "pmsys" / "wellness.csv").exists())
    return {name: participant(root, name) for name in names}


def rivals():
    names = [feature["name"] for feature in READ + CONSIDERED]
    column = names.index
    shipped = list(range(len(READ)))
    wearable = [c for c, feature in enumerate(READ + CONSIDERED) if feature["group"] != "self-report"]
    report = [c for c in range(len(names)) if c not in wearable]
    week, month = column("difficultDay.mean7"), column("difficultDay.mean28")
    return {
        "prevalence": learner.prevalence,
        "persistence: last week had >= 3 of 7 difficult days": learner.persistence(week, 3 / 7 - 1e-6),
        "logistic: share of difficult days, last 7": learner.logistic([week]),
        "logistic: share of difficult days, last 28": learner.logistic([month]),
        "XGBoost, self-report and wearable, unconstrained": learner.boosted(report + wearable, monotone=False),
        "XGBoost, self-report and wearable": learner.boosted(report + wearable),
        "XGBoost, wearable only, unconstrained": learner.boosted(wearable, monotone=False),
        "XGBoost, wearable only": learner.boosted(wearable),
        "XGBoost, self-report and stress trend, unconstrained": learner.boosted(report, monotone=False),
        "XGBoost, self-report and stress trend": learner.boosted(report),
        SHIPPED: learner.boosted(shipped),
    }


def context_rivals(rows):
    """What the date alone and the habit of reporting alone would give."""
    for name, values in (("logistic: day of the study only", rows.day), ("logistic: number of reports only", rows.reports)):
        yield name, Cohort(values[:, None].astype(float), rows.y, rows.person, rows.day, rows.reports, 0), learner.logistic([0])


def judge(rows, demo):
    table, unseen = {}, {}
    for name, fit in rivals().items():
        unseen[name] = learner.leave_one_person_out(rows, fit)
        row = evaluation.report(rows.y, unseen[name], rows.person, BOOTSTRAP_SEED)
        if name == "prevalence":
            row.update(auc=0.5, aucInterval=None, aucWithinPerson=0.5)
        ahead = fit(rows)(demo.x)
        row["heldOutPerson"] = {
            "auc": round(evaluation.auc(demo.y, ahead), 3),
            "brier": round(float(np.mean((demo.y - ahead) ** 2)), 4),
            "meanPredicted": round(float(ahead.mean()), 3),
        }
        table[name] = row
        print(f"{name:56} AUC {row['auc']} {row['aucInterval']} within {row['aucWithinPerson']} Brier {row['brier']} {row['brierInterval']} | {HELD_OUT}: {row['heldOutPerson']}", flush=True)
    for name, changed, fit in context_rivals(rows):
        table[name] = evaluation.report(rows.y, learner.leave_one_person_out(changed, fit), rows.person, BOOTSTRAP_SEED)
        print(f"{name:56} AUC {table[name]['auc']} {table[name]['aucInterval']} Brier {table[name]['brier']}", flush=True)
    for name, predicted in unseen.items():
        if name != SHIPPED:
            table[name]["shippedIsBetterBy"] = evaluation.brier_gain(rows.y, predicted, unseen[SHIPPED], rows.person, BOOTSTRAP_SEED)
            print(f"Brier of the shipped model is lower than that of {name} by {table[name]['shippedIsBetterBy']}")
    return table, unseen[SHIPPED]


def by_band(y, p):
    low, out = 0.0, []
    for band in BANDS:
        high = band.get("below", 1.01)
        rows = (p >= low) & (p < high)
        out.append({"code": band["code"], "n": int(rows.sum()), "observed": round(float(y[rows].mean()), 3) if rows.any() else None})
        low = high
    return out


def save(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def save_rows(name, value):
    """One row a line: a table of two hundred objects stays readable in a diff."""
    line = lambda item: json.dumps(item, ensure_ascii=False, allow_nan=False)
    rows = lambda items: "[\n  " + ",\n  ".join(map(line, items)) + "\n ]"
    part = lambda v: rows(v) if isinstance(v, list) else "{" + ", ".join(f"{line(k)}: {rows(i)}" for k, i in v.items()) + "}" if isinstance(v, dict) else line(v)
    (HERE / name).write_text("{\n " + ",\n ".join(f"{line(k)}: {part(v)}" for k, v in value.items()) + "\n}\n")


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[2] / "shared" / "data") / "pmdata"
    people = read_data(root)
    demo_days = people.pop(HELD_OUT)
    rows, demo = cohort(people), cohort({HELD_OUT: demo_days})
    size = {"people": len(set(rows.person)), "days": len(rows.y), "positive": int(rows.y.sum()), "independentWeeks": rows.independent_weeks(), "daysAbstained": rows.abstained}
    held = {"person": HELD_OUT, "days": len(demo.y), "positive": int(demo.y.sum()), "independentWeeks": demo.independent_weeks()}
    print(size, held, sep="\n")
    table, unseen = judge(rows, demo)

    columns = list(range(len(READ)))
    slope, intercept = learner.platt(learner.unseen_margins(rows, columns), rows.y)
    booster = learner.trees(rows, columns)
    model = margin_graph(booster, 0.0, len(columns), "risk-prediction")
    (HERE / "model.onnx").write_bytes(model.SerializeToString())
    session = onnxruntime.InferenceSession(str(HERE / "model.onnx"), providers=["CPUExecutionProvider"])
    predict = lambda x: session.run(None, {"features": np.asarray(x, dtype=np.float32)})[0][:, 0].astype(float)
    apart = float(np.max(np.abs(predict(rows.x[:, columns]) - learner.margin(booster, rows.x[:, columns]))))
    if apart > 1e-5:
        sys.exit(f"ONNX and XGBoost differ by {apart}")

    reference = [float(value) for value in np.nanmedian(rows.x[:, columns].astype(float), axis=0)]
    sha256 = lambda name: hashlib.sha256((HERE / name).read_bytes()).hexdigest()
    manifest = json.loads((HERE / "about.json").read_text()) | {
        "model": {
            "file": "model.onnx",
            "sha256": sha256("model.onnx"),
            "input": {"name": "features", "type": "float32", "size": len(columns), "missing": "NaN"},
            "output": {"name": "margin", "type": "float32", "meaning": "log-odds before calibration"},
        },
        "features": {"file": "features.json", "sha256": sha256("features.json"), "names": [f["name"] for f in READ]},
        "horizon": TASK,
        "requirements": REQUIREMENTS,
        "calibration": {"method": "platt", "slope": slope, "intercept": intercept, "learnedOn": "leave-one-person-out margins of the training people"},
        "bands": BANDS,
        "reference": {"meaning": "median of the training rows; contributions are measured from here", "values": reference},
        "metrics": {
            "protocol": "leave one person out, calibration inside; intervals: 2,000 bootstrap draws of people",
            "size": size,
            "heldOutPerson": held,
            "summary": {
                "auc": table[SHIPPED]["auc"],
                "aucInterval": table[SHIPPED]["aucInterval"],
                "brier": table[SHIPPED]["brier"],
                "brierOfPrevalence": table["prevalence"]["brier"],
            },
            "results": table,
            "calibration": evaluation.calibration(rows.y, unseen),
            "bands": by_band(rows.y, unseen),
        },
    }
    manifest["training"] = manifest["training"] | {"people": sorted(people), "heldOut": [HELD_OUT], "settings": learner.SETTINGS, "rounds": learner.ROUNDS, "bootstrapSeed": BOOTSTRAP_SEED}
    save("manifest.json", manifest)
    save_rows("golden.json", golden({HELD_OUT: demo_days, "synthetic": synthetic("2025-02-01", 130)}, predict, slope, intercept, reference))
    print("calibration", manifest["metrics"]["calibration"], "bands", manifest["metrics"]["bands"], f"ONNX differs by {apart:.1e}")


if __name__ == "__main__":
    main()
