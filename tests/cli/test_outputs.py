"""The JSON Schemas that are shipped: made from the types, and fulfilled by what commands print and runs leave."""

import json
from pathlib import Path

import numpy as np
import pytest

import tenfold as package
from tenfold.cli import outputs
from tenfold.record.entries import metrics

jsonschema = pytest.importorskip("jsonschema")
SHIPPED = {path.stem: path for path in (Path(outputs.__file__).parent / "schemas").glob("*.json")}
RECORD = {path.stem: path for path in (Path(metrics.__file__).parent / "schemas").glob("*.json")}


def refuse_unfit(content, path):
    jsonschema.Draft202012Validator(json.loads(path.read_text())).validate(content)


def test_the_schemas_shipped_are_those_of_the_types():
    for path, schema in outputs.generated_schemas().items():
        assert json.loads(path.read_text()) == schema, f"{path.name}: run python -m tenfold.cli.outputs"
        jsonschema.Draft202012Validator.check_schema(schema)
    assert {path.stem for path in outputs.generated_schemas()} == {*SHIPPED, *RECORD, "program"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("report", ("report", "RUN", "--format", "json")),
        ("errors", ("errors", "RUN", "--json")),
        ("errors_cells", ("errors", "RUN", "--actual", "rose", "--predicted", "=tulip", "--json")),
        ("errors_list", ("errors", "RUN", "--list", "surest-wrong", "--json")),
        ("compare", ("compare", "RUN", "RUN", "--candidate", "knn", "--json")),
        ("evaluate", ("evaluate", "RUN", "SOURCE", "--target", "kind", "--json")),
        ("runs", ("runs", "FOLDER", "--json")),
        ("data_list", ("data", "list", "--json")),
        ("data_show", ("data", "show", "SOURCE", "--target", "kind", "--json")),
        ("data_check", ("data", "check", "SOURCE", "--target", "kind", "--json")),
        ("models", ("models", "--json")),
        ("run", ("run", "SOURCE", "--target", "kind", "--models", "logistic,knn", "--out", "RUN", "--json")),
    ],
)
def test_what_a_command_prints_fulfils_its_schema(tenfold, flower_run, flowers, name, words):
    places = {"RUN": flower_run, "FOLDER": flower_run.parent, "SOURCE": flowers}
    code, out, err = tenfold(*(places.get(word, word) for word in words))
    assert code == 0, err
    refuse_unfit(json.loads(out), SHIPPED[name])


def test_several_labels_and_restored_images_fulfil_the_schemas(tenfold, tmp_path):
    rng = np.random.default_rng(8)
    codes = np.arange(90) % 3
    images = rng.integers(0, 60, (90, 6, 6)).astype(np.uint8)
    images[np.arange(90), codes, codes] += 150
    several = np.stack([codes > 0, codes > 1], axis=1)
    labels = package.run(rng.normal(size=(90, 2)) + several, several, models="logistic", cv=2, out=tmp_path / "labels")
    restored = package.denoise(images, models="median", cv=2, out=tmp_path / "restored")
    for run in (labels, restored):
        refuse_unfit(run.metrics, RECORD["metrics"])
        refuse_unfit(run.manifest, RECORD["manifest"])
    refuse_unfit(json.loads(tenfold("errors", labels.path, "--json")[1]), SHIPPED["errors_labels"])


def test_a_damaged_file_does_not_fulfil_its_schema(flower_run):
    content = json.loads((flower_run / "metrics.json").read_text())
    del content["candidates"]["knn"]["fit_seconds"]
    with pytest.raises(jsonschema.ValidationError, match="fit_seconds"):
        refuse_unfit(content, RECORD["metrics"])
