"""``tenfold report --importance --learning-curve``."""

import json
import shutil


def test_studies_are_kept_and_shown(tenfold, flower_run, tmp_path):
    run = tmp_path / "flowers"
    shutil.copytree(flower_run, run)
    before = (run / "metrics.json").read_bytes()
    assert "tenfold report" in (run / "report.html").read_text()
    code, _, err = tenfold("report", run, "--importance", "--learning-curve")
    assert code == 0
    assert "learns from" in err
    page = (run / "report.html").read_text()
    assert "Not looked into yet" not in page
    importance = json.loads((run / "analysis" / "importance.json").read_text())
    assert {one["part"] for one in importance["parts"]} == {"size", "colour"}
    curve = (run / "analysis" / "learning_curve.json").read_bytes()
    _, _, err = tenfold("report", run, "--learning-curve")
    assert "learns from" not in err
    assert (run / "analysis" / "learning_curve.json").read_bytes() == curve
    assert (run / "metrics.json").read_bytes() == before
