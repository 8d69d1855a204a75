import json
import shutil

import pandas as pd
import pytest
from sklearn.metrics import recall_score

from tenfold import load_model, open_run


@pytest.fixture
def run_copy(flower_run, tmp_path):
    shutil.copytree(flower_run, tmp_path / "run")
    return tmp_path / "run"


def test_predict_adds_class_and_scores_and_disarms_formulas(flower_run, flowers, tenfold, tmp_path):
    out = tmp_path / "p.csv"
    code, _, err = tenfold("predict", flower_run, flowers, "--out", out)
    assert code == 0, err
    answers = pd.read_csv(out)
    assert list(answers) == ["size", "colour", "predicted", "score:rose"]
    assert len(answers) == 120
    assert set(answers["predicted"]) == {"rose", "'=tulip"}


def test_predict_gives_the_saved_test_predictions(flower_run, flowers, tenfold, tmp_path):
    code, *_ = tenfold("predict", flower_run, flowers, "--out", tmp_path / "p.parquet")
    assert code == 0
    answers, test = pd.read_parquet(tmp_path / "p.parquet"), pd.read_parquet(flower_run / "test.parquet")
    assert answers["predicted"].iloc[test["row"]].tolist() == test["predicted"].tolist()
    assert answers["score:rose"].iloc[test["row"]].tolist() == test["score:rose"].tolist()


def test_predict_takes_columns_in_any_order_and_more_of_them(flower_run, flowers, tenfold, tmp_path):
    table = pd.read_csv(flowers)
    table[["colour", "kind", "size"]].assign(extra=1).to_csv(tmp_path / "other.csv", index=False)
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    tenfold("predict", flower_run, flowers, "--out", one)
    code, _, err = tenfold("predict", flower_run, tmp_path / "other.csv", "--out", two)
    assert code == 0
    assert "'extra' is not used" in err
    assert pd.read_csv(one)["predicted"].tolist() == pd.read_csv(two)["predicted"].tolist()


def test_predict_refuses_a_missing_column_and_writes_nothing(flower_run, refused, tmp_path):
    pd.DataFrame({"sise": [1.0], "colour": ["red"]}).to_csv(tmp_path / "bad.csv", index=False)
    line = refused("predict", flower_run, tmp_path / "bad.csv", "--out", tmp_path / "p.csv", code=3)
    assert "'size'" in line
    assert "Did you mean 'sise'" in line
    assert not (tmp_path / "p.csv").exists()


def test_predict_refuses_text_for_a_number_with_row_and_column(flower_run, refused, tmp_path):
    pd.DataFrame({"size": ["1.0", "big"], "colour": ["red", "red"]}).to_csv(tmp_path / "bad.csv", index=False)
    line = refused("predict", flower_run, tmp_path / "bad.csv", code=3)
    assert "column 'size'" in line
    assert "row 2" in line


def test_predict_refuses_images_of_another_kind(flower_run, refused):
    assert "table" in refused("predict", flower_run, "digits", code=3)


def test_decide_moves_the_threshold_without_training(run_copy, tenfold):
    before = open_run(run_copy)
    openings = before.metrics["test_openings"]
    code, _, err = tenfold("decide", run_copy, "recall>=0.9")
    assert code == 0, err
    after = open_run(run_copy)
    lines = after.out_of_fold.query("candidate == @after.chosen")
    decision = after.metrics["candidates"][after.chosen]["decision"]
    recall = recall_score(lines["true"] == "rose", lines["predicted"] == "rose")
    assert recall >= 0.9
    assert decision["out_of_fold"]["recall"]["value"] == pytest.approx(recall)
    assert load_model(run_copy).decision.threshold == decision["threshold"]
    earlier = {"rule": "argmax", "threshold": None, "openings": openings}
    assert after.manifest["previous_decisions"] == [earlier]
    assert 'decide = "recall>=0.9"' in (run_copy / "config.toml").read_text()
    assert sum("has now been opened" in line for line in after.metrics["warnings"]) <= 1
    assert after.metrics["test_openings"] == openings + 1
    score = lines[["row", "score:rose"]].to_numpy()
    old = before.out_of_fold.query("candidate == @before.chosen")[["row", "score:rose"]].to_numpy()
    assert (score == old).all()


def test_deciding_back_gives_the_first_figures_again(run_copy, flower_run, tenfold):
    assert tenfold("decide", run_copy, "f1")[0] == 0
    assert tenfold("decide", run_copy, "argmax")[0] == 0
    first, again = open_run(flower_run).metrics, open_run(run_copy).metrics
    for name in first["candidates"]:
        for word in ("confusion_matrix", "threshold"):
            assert first["candidates"][name]["decision"][word] == again["candidates"][name]["decision"][word]
    assert first["test"] == again["test"]


@pytest.mark.parametrize("rule", ["precision>>0.9", "cost fp=1", "precision>=2", "best"])
def test_a_bad_rule_points_at_the_character(run_copy, refused, rule):
    assert "--decide" in refused("decide", run_copy, rule, code=2)


def test_evaluate_on_its_own_data_judges_the_test_rows_and_counts(run_copy, flowers, tenfold):
    code, out, _ = tenfold("evaluate", run_copy, flowers, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["figures"] == open_run(run_copy).metrics["test"]
    assert found["test_openings"] >= 1


def test_evaluate_warns_of_rows_it_was_trained_on(run_copy, flowers, tenfold, tmp_path):
    pd.read_csv(flowers).head(50).to_csv(tmp_path / "part.csv", index=False)
    code, out, _ = tenfold("evaluate", run_copy, tmp_path / "part.csv")
    assert code == 0
    assert "were among the training rows" in out


def test_verify_says_what_was_checked(flower_run, tenfold):
    code, out, _ = tenfold("verify", flower_run)
    assert code == 0
    assert "golden rows" in out


def test_an_altered_bundle_is_refused(run_copy, refused, flowers, tmp_path):
    member = max((run_copy / "model").iterdir(), key=lambda p: p.stat().st_size)
    raw = bytearray(member.read_bytes())
    raw[len(raw) // 2] ^= 1
    member.write_bytes(raw)
    refused("verify", run_copy, code=8)
    refused("predict", run_copy, flowers, "--out", tmp_path / "p.csv", code=8)
    assert not (tmp_path / "p.csv").exists()


def test_runs_lists_finished_unfinished_and_damaged(run_copy, tenfold):
    (run_copy.parent / "half" / "work").mkdir(parents=True)
    shutil.copytree(run_copy, run_copy.parent / "broken")
    (run_copy.parent / "broken" / "metrics.json").write_text("{")
    code, out, _ = tenfold("runs", run_copy.parent)
    assert code == 0
    assert "finished" in out
    assert "unfinished" in out
    assert "damaged" in out


def test_models_lists_every_name_and_modifier(tenfold):
    from tenfold.candidates.catalogue import CATALOGUE

    code, out, _ = tenfold("models")
    assert code == 0
    for entry in CATALOGUE.values():
        assert entry.good_for in out
        assert all(f"{entry.name}:{word}" in out for word in entry.modifiers)


def test_an_unknown_verb_suggests_the_nearest(refused):
    assert "Did you mean 'predict'" in refused("predicr", code=2)


def test_report_is_drawn_again(run_copy, tenfold):
    (run_copy / "report.html").unlink()
    assert tenfold("report", run_copy)[0] == 0
    assert "<h1" in (run_copy / "report.html").read_text()
