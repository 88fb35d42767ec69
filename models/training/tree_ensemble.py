"""XGBoost trees as one ONNX TreeEnsembleRegressor whose output is the raw margin (log-odds), missing values included."""
import json

import onnx
from onnx import TensorProto, helper


def margin_graph(booster, base_margin, feature_count, name):
    """XGBoost goes left where x < threshold, and where x is missing it follows the split's default direction."""
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    nodes = {key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing")}
    leaves = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree_id, tree in enumerate(trees):
        for node, left in enumerate(tree["left_children"]):
            leaf = left == -1
            nodes["treeids"].append(tree_id)
            nodes["nodeids"].append(node)
            nodes["modes"].append("LEAF" if leaf else "BRANCH_LT")
            nodes["featureids"].append(0 if leaf else tree["split_indices"][node])
            nodes["values"].append(0.0 if leaf else tree["split_conditions"][node])
            nodes["truenodeids"].append(0 if leaf else left)
            nodes["falsenodeids"].append(0 if leaf else tree["right_children"][node])
            nodes["missing"].append(0 if leaf else int(tree["default_left"][node]))
            if leaf:
                leaves["treeids"].append(tree_id)
                leaves["nodeids"].append(node)
                leaves["ids"].append(0)
                leaves["weights"].append(tree["split_conditions"][node])
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["margin"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        base_values=[float(base_margin)],
        nodes_treeids=nodes["treeids"],
        nodes_nodeids=nodes["nodeids"],
        nodes_featureids=nodes["featureids"],
        nodes_values=nodes["values"],
        nodes_modes=nodes["modes"],
        nodes_truenodeids=nodes["truenodeids"],
        nodes_falsenodeids=nodes["falsenodeids"],
        nodes_missing_value_tracks_true=nodes["missing"],
        target_treeids=leaves["treeids"],
        target_nodeids=leaves["nodeids"],
        target_ids=leaves["ids"],
        target_weights=leaves["weights"],
    )
    graph = helper.make_graph(
        [ensemble],
        name,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, feature_count])],
        [helper.make_tensor_value_info("margin", TensorProto.FLOAT, [None, 1])],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)],
        ir_version=8,
        producer_name="novamind",
    )
    onnx.checker.check_model(model)
    return model


def used_features(booster):
    """Indices of the features any split tests."""
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    return sorted({tree["split_indices"][n] for tree in trees for n, left in enumerate(tree["left_children"]) if left != -1})
