"""What a message says to do can be done, and then it works."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.sources import load
from tenfold.decision.rule import parse_rule
from tenfold.errors import DataError, UsageError
from tenfold.task import infer_task
from tenfold.tasks import ClassTask


def test_a_finished_run_is_not_told_to_be_given_an_option_that_decide_has_not():
    three = ClassTask(("a", "b", "c"))
    with pytest.raises(UsageError, match=r"^runs/z: .*Do: make a run with --positive CLASS, then decide that one\.$"):
        three.refuse_rule(parse_rule("f1"), Path("runs/z"))
    with pytest.raises(UsageError, match=r"Do: name one with --positive\.$"):
        three.refuse_rule(parse_rule("f1"))


def test_rows_without_a_label_can_be_left_out_as_the_message_says(flowers, tenfold, refused, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    table = pd.read_csv(flowers)
    table.loc[[3, 9], "kind"] = ""
    path = tmp_path / "missing.csv"
    table.to_csv(path, index=False)
    words = ["run", path, "--target", "kind", "--models", "logistic", "--cv", "2", "--quiet", "--out", tmp_path / "run"]
    assert "leave such rows out with --drop-unlabelled" in refused(*words, code=3)
    assert tenfold(*words, "--drop-unlabelled")[0] == 0


def test_numbers_are_classes_where_that_is_insisted_on():
    several = np.array([f"{value / 7:.3f}" for value in np.arange(120) % 40], object)
    assert infer_task(several, target_names=["y"]).numeric
    assert infer_task(several, target_names=["y"], name="multiclass").type == "multiclass"
    several[7] = "many"
    with pytest.raises(DataError, match="ask for --task multiclass"):
        infer_task(several, target_names=["y"])
    assert infer_task(several, target_names=["y"], name="classes").type == "multiclass"


@pytest.mark.parametrize(("name", "start"), [("t.xlsx", b"PK\x03\x04"), ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])
def test_a_spreadsheet_of_any_age_is_named_and_says_how_to_save_it(tmp_path, name, start):
    (tmp_path / name).write_bytes(start + bytes(600))
    with pytest.raises(DataError, match=r"is a spreadsheet\. Do: save the sheet as CSV UTF-8 and give that file"):
        load(tmp_path / name)


def test_a_folder_to_predict_needs_no_folders_of_classes(tmp_path):
    with pytest.raises(DataError, match=r"holds no images\. Do: give an image, or a folder of images"):
        load(tmp_path, labelled=False)
    with pytest.raises(DataError, match=r"is empty\. Do: put a folder into it for each class"):
        load(tmp_path)
    (tmp_path / "cat").mkdir()
    with pytest.raises(DataError, match="holds no images"):
        load(tmp_path, labelled=False)
