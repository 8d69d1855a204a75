"""The commands of docs/recipes run as they stand there, on fewer rows."""

import os
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenfold.cli.app import command
from tests.data.sources.mail.messages import folder_of, message

TITANIC = Path(os.environ.get("TENFOLD_DATA", "absent")) / "titanic"
RECIPES = Path(__file__).parent.parent / "docs/recipes"


@pytest.mark.skipif(not (TITANIC / "train.csv").is_file(), reason="needs TENFOLD_DATA with Titanic")
def test_the_commands_of_the_titanic_recipe_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = RECIPES / "titanic"
    shutil.copy(recipe / "passengers.py", tmp_path)
    shutil.copy(TITANIC / "test.csv", tmp_path)
    (tmp_path / "train.csv").write_text("".join((TITANIC / "train.csv").read_text().splitlines(keepends=True)[:121]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    lines = [line[2:] for line in (recipe / "README.md").read_text().splitlines() if line.startswith("$ ")]
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line)[1:]
        fewer = ["--cv", "2", "--jobs", "1"] if words[0] == "run" else []
        result = CliRunner().invoke(command, [*words, *fewer], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    assert 'Name = "text"' in (tmp_path / "columns.toml").read_text()
    assert "passengers:vote" in (tmp_path / "recipe/config.toml").read_text()
    head, *rows = (tmp_path / "submission.csv").read_text().splitlines()
    assert head == "PassengerId,Survived"
    assert len(rows) == 418
    assert {row.split(",")[1] for row in rows} == {"0", "1"}


def test_the_commands_of_the_spam_recipe_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {"easy_ham": "ham", "hard_ham": "ham", "spam": "spam"}
    mail = {f"{folder}/{n}.eml": message(label, n) for folder, label in folders.items() for n in range(14)}
    mail |= {f"spam/{n}.eml": message("ham", 100 + n) for n in range(3)}
    folder_of(tmp_path / "spamassassin", mail)
    folder_of(tmp_path / "new-mail", {"1.eml": message("spam", 200), "2.eml": message("ham", 201)})
    monkeypatch.chdir(tmp_path)
    text = (RECIPES / "spam/README.md").read_text()
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ tenfold ")]
    assert len(lines) == 8
    for line in lines:
        words = shlex.split(line)[1:]
        fewer = ["--cv", "2", "--jobs", "1", "--models", "linear-svm"] if words[0] == "run" else []
        result = CliRunner().invoke(command, [*words, *fewer], catch_exceptions=False)
        assert result.exit_code == 0, f"{line}: {result.output}"
    assert "spam" in (tmp_path / "answers.csv").read_text()
