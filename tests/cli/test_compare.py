"""Runs compared from the shell: counts from the files, what is refused, what is written."""

import json
import shutil
from html import unescape

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tenfold.figures import holm, mcnemar


@pytest.fixture
def changed(flower_run, tmp_path):
    """Give a function that copies the run with its out-of-fold lines changed."""

    def copy(change, name="other"):
        shutil.copytree(flower_run, tmp_path / name)
        path = tmp_path / name / "out_of_fold.parquet"
        change(pd.read_parquet(path)).to_parquet(path)
        return tmp_path / name

    return copy


def correct(run, candidate):
    lines = pd.read_parquet(run / "out_of_fold.parquet").query("candidate == @candidate")
    return (lines["true"] == lines["predicted"]).to_numpy()


def test_fixed_and_broken_are_those_of_the_files(flower_run, tenfold, tmp_path):
    two = ("--candidate", "knn", "--candidate", "logistic")
    code, out, err = tenfold("compare", flower_run, flower_run, *two, "--csv", tmp_path / "c.csv")
    assert code == 0, err
    knn, logistic = (correct(flower_run, name) for name in ("knn", "logistic"))
    fixed, broken = int((logistic & ~knn).sum()), int((knn & ~logistic).sum())
    assert fixed + broken > 0
    assert f"it fixes {fixed} and breaks {broken}; McNemar" in out.splitlines()[0]
    rows = pd.read_csv(tmp_path / "c.csv")
    assert rows["change"].value_counts().to_dict() == {
        key: n for key, n in {"fixed": fixed, "broken": broken}.items() if n
    }
    code, out, _ = tenfold("compare", flower_run, flower_run, *two, "--json")
    (found,) = json.loads(out)["comparisons"]
    assert found["accuracy"]["value"] == pytest.approx(logistic.mean() - knn.mean())
    assert found["p_value"] == pytest.approx(stats.binomtest(fixed, fixed + broken).pvalue)


def test_rows_in_another_order_and_other_folds_are_the_same_rows(flower_run, changed, tenfold):
    other = changed(lambda lines: lines.sample(frac=1, random_state=0).assign(fold=0))
    code, out, err = tenfold("compare", flower_run, other)
    assert code == 0, err
    assert "it fixes 0 and breaks 0; McNemar's exact test: p = 1." in out


def test_rows_of_one_run_alone_are_left_out_and_counted(flower_run, changed, tenfold):
    other = changed(lambda lines: lines[lines["row"] >= 20])
    code, out, err = tenfold("compare", flower_run, other)
    assert code == 0, err
    run = pd.read_parquet(flower_run / "out_of_fold.parquet").query("candidate == 'knn'")
    kept = int((run["row"] >= 20).sum())
    assert f"Only the {kept} rows that both runs hold are compared" in out
    assert f"{len(run) - kept} of the first" in out


def test_many_runs_are_adjusted_for_being_many(flower_run, tenfold):
    words = ("compare", flower_run, flower_run, flower_run, "--candidate", "baseline", "--candidate", "knn",
             "--candidate", "logistic")  # fmt: skip
    code, out, _ = tenfold(*words, "--json")
    found = json.loads(out)["comparisons"]
    assert code == 0
    assert [one["p_adjusted"] for one in found] == pytest.approx(holm([one["p_value"] for one in found]).tolist())
    assert "Holm" in tenfold(*words)[1]


def test_other_data_and_other_labels_are_refused_with_the_reason(flower_run, changed, refused):
    moved = changed(lambda lines: lines.assign(id="x" + lines["id"]), "moved")
    assert "different data: 0 of" in refused("compare", flower_run, moved, code=3)

    def swap(lines):
        return lines.assign(true=np.where(lines["row"] < 30, "rose", lines["true"]))

    assert "another label" in refused("compare", flower_run, changed(swap, "swapped"), code=3)


def test_another_task_is_refused(flower_run, changed, refused):
    metrics = json.loads((flower_run / "metrics.json").read_text())
    names = dict(zip(metrics["classes"], ["fern", "moss"], strict=True))
    columns = {f"score:{metrics['positive']}": f"score:{names[metrics['positive']]}"}
    other = changed(lambda lines: lines.replace({"true": names, "predicted": names}).rename(columns=columns))
    renamed = {"classes": list(names.values()), "positive": names[metrics["positive"]]}
    (other / "metrics.json").write_text(json.dumps({**metrics, **renamed}))
    assert "different tasks" in refused("compare", flower_run, other, code=3)


def test_what_cannot_be_compared_is_refused_in_one_line(flower_run, refused, tmp_path):
    assert "one run alone" in refused("compare", flower_run, code=2)
    assert "Did you mean 'logistic'" in refused("compare", flower_run, flower_run, "--candidate", "logistc", code=2)
    assert "no metric" in refused("compare", flower_run, flower_run, "--metric", "nice", code=2)
    assert "no run here" in refused("compare", flower_run, tmp_path, code=2)
    sheet = tmp_path / "s.png"
    assert "holds none" in refused("compare", flower_run, flower_run, "--sheet", sheet, code=2)
    assert not sheet.exists()


def test_the_page_is_one_file_that_asks_nothing_of_the_network(flower_run, tenfold, tmp_path):
    page = tmp_path / "c.html"
    two = ("--candidate", "knn", "--candidate", "logistic")
    code, _, err = tenfold("compare", flower_run, flower_run, *two, "--html", page)
    assert code == 0, err
    html = page.read_text()
    assert "default-src 'none'; script-src 'none'" in unescape(html)
    assert "<script" not in html
    assert "http://" not in html.replace("http-equiv", "")
    assert "size " in html, "the values of the rows stand beside them"


@pytest.mark.parametrize(("only_a", "only_b"), [(3, 9), (10, 14), (12, 13), (60, 31), (500, 480)])
def test_mcnemar_is_scipys_binomial_or_corrected_chi_square(only_a, only_b):
    a, b = np.repeat([True, False, True], [only_a, only_b, 7]), np.repeat([False, True, True], [only_a, only_b, 7])
    if only_a + only_b < 25:
        wanted = stats.binomtest(only_a, only_a + only_b).pvalue
    else:
        wanted = stats.chi2.sf((abs(only_a - only_b) - 1) ** 2 / (only_a + only_b), 1)
    assert mcnemar(a, b) == pytest.approx(wanted)
