"""``tenfold report``: page, Markdown, JSON and figures of a real run."""

import json

import pytest
from PIL import Image


def test_the_page_is_drawn_again(tenfold, flower_run):
    code, out, _ = tenfold("report", flower_run)
    assert code == 0
    assert out.strip().endswith("report.html")


def test_markdown_and_json_are_printed_and_nothing_else(tenfold, flower_run):
    code, text, _ = tenfold("report", flower_run, "--format", "md")
    assert code == 0
    assert text.startswith("# ")
    assert "=tulip" in text
    code, out, _ = tenfold("report", flower_run, "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert told["metrics"] == json.loads((flower_run / "metrics.json").read_text())
    assert told["report"]["verdict"] in text


def test_figures_are_written_as_svg_and_png(tenfold, flower_run, tmp_path):
    code, out, err = tenfold("report", flower_run, "--figures", tmp_path / "new" / "figures")
    files = sorted(path.name for path in (tmp_path / "new" / "figures").iterdir())
    assert code == 0
    assert not out
    assert {name.removesuffix(".svg") for name in files if name.endswith(".svg")} >= {"roc", "confusion-counts"}
    assert sum(name.endswith(".svg") for name in files) == sum(name.endswith(".png") for name in files)
    assert f"{len(files)} files in" in err
    for name in files:
        if name.endswith(".png"):
            with Image.open(tmp_path / "new" / "figures" / name) as picture:
                assert min(picture.size) >= 280


def test_figures_and_text_can_be_asked_for_together(tenfold, flower_run, tmp_path):
    code, out, _ = tenfold("report", flower_run, "--figures", tmp_path, "--format", "md")
    assert code == 0
    assert out.startswith("# ")
    assert (tmp_path / "threshold.svg").exists()


def test_a_folder_that_cannot_be_made_is_refused(refused, flower_run, tmp_path):
    (tmp_path / "file").write_text("")
    assert "file" in refused("report", flower_run, "--figures", tmp_path / "file", code=5)


@pytest.mark.parametrize("form", ["md", "json"])
def test_no_run_is_refused(refused, tmp_path, form):
    assert "no run here" in refused("report", tmp_path, "--format", form, code=2)
