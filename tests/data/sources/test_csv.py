import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data.sources import files, limits, load
from tenfold.data.sources.tables import csv as csv_file
from tenfold.errors import DataError, LimitError, UsageError


def saved(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def loaded(tmp_path, content, target="y", name="a.csv", **options):
    return load(str(saved(tmp_path, content, name)), target=target, **options)


def refused(tmp_path, content, error, *words, target="y", name="a.csv", **options):
    path = saved(tmp_path, content, name)
    with pytest.raises(error) as caught:
        load(str(path), target=target, **options)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) <= 400
    for word in words:
        assert word in message
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_columns_are_typed_and_the_target_leaves_x(tmp_path):
    data = loaded(tmp_path, "i,f,t,y\n1,1.5,a,yes\n-2,NA,,no\n+3,2e3,NA,yes\n")
    assert data.feature_names == ("i", "f", "t")
    assert data.X.dtypes.astype(str).tolist() == ["int64", "float64", "object"]
    assert data.X["i"].tolist() == [1, -2, 3]
    assert data.X["f"].isna().tolist() == [False, True, False]
    assert data.X["t"].tolist() == ["a", None, None]
    assert data.y.tolist() == ["yes", "no", "yes"]
    assert data.target_names == ("y",)


LABELS = ["01", "NA", "TRUE", "1.0", "None", "null", "nan", " inf", "N/A", "1e5", "12345678901234567890", ""]


def test_labels_stay_the_text_of_the_file(tmp_path):
    rows = "".join(f"{i},{label}\n" for i, label in enumerate(LABELS))
    assert loaded(tmp_path, "x,y\n" + rows).y.tolist() == LABELS


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=8))
def test_any_text_survives_as_label_and_feature(tmp_path_factory, labels):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerows([["x", "word", "y"], *([i, f"w{label}", label] for i, label in enumerate(labels))])
    folder = tmp_path_factory.mktemp("csv")
    data = loaded(folder, buffer.getvalue())
    assert data.y.tolist() == labels
    assert data.X["word"].tolist() == [f"w{label}" for label in labels]


@pytest.mark.parametrize("token", ["", "NA", "NaN", "nan", "null", "None", "N/A", " "])
def test_missing_tokens_in_features(tmp_path, token):
    data = loaded(tmp_path, f'x,t,y\n1,a,p\n"{token}","{token}",q\n')
    assert np.isnan(data.X["x"][1])
    assert data.X["t"][1] is None


@pytest.mark.parametrize("ids", [["9007199254740993", "9007199254740995"], ["9007199254740993", ""]])
def test_ids_that_a_float_would_change_stay_text(tmp_path, ids):
    data = loaded(tmp_path, "id,y\n" + "".join(f'"{i}",a\n' for i in ids))
    assert data.X["id"].tolist() == [i or None for i in ids]


@pytest.mark.parametrize("text", ["1_000", "0x1A", "１", "1 000", "12:30", "2020-01-01"])
def test_what_only_looks_like_a_number_is_text(tmp_path, text):
    assert loaded(tmp_path, f"x,y\n{text},a\n1,b\n").X["x"].tolist() == [text, "1"]


def test_a_column_decides_its_type_from_all_rows(tmp_path):
    rows = "".join("1,a\n" for _ in range(10_000)) + "x,b\n"
    data = loaded(tmp_path, "v,y\n" + rows)
    assert data.X["v"].dtype == object
    assert data.X["v"].iloc[0] == "1"
    assert len(data) == 10_001


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_separators_line_ends_bom_and_blank_lines(tmp_path, delimiter, end):
    lines = [delimiter.join(row) for row in (["x", "z", "y"], ["1", "2.5", "a"], ["2", "3.5", "b"])]
    data = loaded(tmp_path, "\ufeff" + end.join([*lines, "", ""]))
    assert data.X["x"].tolist() == [1, 2]
    assert data.y.tolist() == ["a", "b"]


def test_tsv_and_gzip(tmp_path):
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"x\ty\nu,v\ta\n"))
    data = load(str(path), target="y")
    assert data.name == "a"
    assert data.X["x"].tolist() == ["u,v"]


def test_a_header_without_a_name_is_named_by_its_place(tmp_path):
    assert loaded(tmp_path, ",x,y\n0,1,a\n1,2,b\n").feature_names == ("column 1", "x")


def test_the_group_column_leaves_x(tmp_path):
    data = loaded(tmp_path, "x,who,y\n1,01,a\n2,NA,b\n", group="who")
    assert data.feature_names == ("x",)
    assert data.groups.tolist() == ["01", "NA"]


def test_several_targets_of_0_and_1_are_labels_of_their_own(tmp_path):
    data = loaded(tmp_path, "x,large,odd\n1,0,1\n2,1,0\n", target="large,odd")
    assert data.y.dtype == bool
    assert data.y.tolist() == [[False, True], [True, False]]
    assert data.target_names == ("large", "odd")


def test_several_targets_of_numbers(tmp_path):
    assert loaded(tmp_path, "x,a,b\n1,0.5,1\n", target="a, b").y.tolist() == [[0.5, 1.0]]


def test_a_target_name_with_a_comma_is_one_column(tmp_path):
    assert loaded(tmp_path, 'x,"a,b"\n1,p\n', target="a,b").y.tolist() == ["p"]


def test_data_to_predict_drop_the_target_if_it_is_there(tmp_path):
    with_target = loaded(tmp_path, "x,y\n1,a\n", labelled=False)
    assert with_target.y is None
    assert with_target.feature_names == ("x",)
    assert loaded(tmp_path, "x\n1\n", labelled=False).feature_names == ("x",)
    assert loaded(tmp_path, "x\n1\n", target=None, labelled=False).feature_names == ("x",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ("is empty",)),
        ("\n\n", ("is empty",)),
        ("x,y\n", ("no rows",)),
        ("x,y\n1,a\n2\n", ("row 3", "1 field,", "header has 2")),
        ("x,y\n1,a\n2,b,c\n", ("row 3", "3 fields")),
        ("x,y\n1,2,a\n3,4,b\n", ("row 2", "3 fields")),
        ('x,y\n"1\n",a\n2\n', ("row 4", "1 field")),
        ("x,x,y\n1,2,a\n", ("row 1", "two columns are named 'x'")),
        ('x,y\n1,a\n2,"b\n3,c\n', ("row 3", "never closes")),
        ('x,y\n1,"a"b\n', ("row 2", "quote")),
        (b"x,y\n1,caf\xe9\n", ("row 2", "0xe9", "save it as UTF-8")),
        ("x,y\n1,a\n".encode("utf-16"), ("row 1", "UTF-16", "UTF-8")),
        (b"x,y\n1,a\x00b\n", ("row 2", "UTF-8")),
        (b"x,y\r1,a\r", ("carriage return",)),
        ("y\na\n", ("no column is left",)),
    ],
)
def test_malformed_files_are_refused_with_the_line(tmp_path, content, words):
    refused(tmp_path, content, DataError, *words, "Do:")


def test_too_many_columns(tmp_path):
    refused(tmp_path, ",".join(f"c{i}" for i in range(20_001)) + "\n", LimitError, "20,001 columns")


@pytest.mark.parametrize("content", ["x,y\n" + "a" * (1024**2 + 1) + ",b\n", 'x,y\n"' + "a\n" * 1024**2])
def test_too_long_a_field(tmp_path, content):
    refused(tmp_path, content, LimitError, "row 2", "1,048,576")


def test_the_field_limit_of_the_process_is_put_back(tmp_path):
    before = csv.field_size_limit()
    loaded(tmp_path, "x,y\n1,a\n")
    assert csv.field_size_limit() == before


def test_too_long_a_line(tmp_path):
    refused(tmp_path, b"x,y\n" + b"a" * (64 * 1024**2 + 5), LimitError, "row 2", "line")


def test_a_gzip_bomb_is_stopped_while_it_unpacks(tmp_path):
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"x,y\n")
        block = (b"," + b" " * 65_535 + b"\n") * 256
        for _ in range(17):
            file.write(block)
    with pytest.raises(LimitError, match="100 to 1"):
        load(str(path), target="y")


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    """Two megabytes of gzip that unpack to a gigabyte of sound rows; its members one after the other."""
    path = tmp_path_factory.mktemp("bomb") / "a.csv.gz"
    member = gzip.compress(b"1.5,abc,0\n" * 6_710_886, 9)
    path.write_bytes(gzip.compress(b"x,name,y\n") + member * 16)
    return path


def test_a_bomb_is_refused_before_its_rows_are_read(bomb, monkeypatch):
    rows = 0

    def batch(*given):
        nonlocal rows
        rows += 1
        return real(*given)

    real = csv_file._batch
    monkeypatch.setattr(csv_file, "_batch", batch)
    with pytest.raises(LimitError, match="100 to 1"):
        load(str(bomb), target="y")
    with pytest.raises(LimitError, match="100 to 1"):
        list(csv_file.csv_batches(bomb))
    assert rows == 0


def test_an_honest_large_file_is_looked_at_once_and_read(tmp_path, monkeypatch):
    path = tmp_path / "a.csv.gz"
    rng = np.random.default_rng(0)
    rows = b"".join(b"%d,a\n" % number for number in rng.integers(0, 1 << 60, 60_000))
    path.write_bytes(gzip.compress(b"x,y\n" + rows, 1))
    monkeypatch.setattr(files, "RATIO_FREE_BYTES", 1 << 16)
    monkeypatch.setattr(limits, "RATIO_FREE_BYTES", 1 << 16)
    monkeypatch.setattr(files, "_BLOCK", 1 << 12)
    assert sum(len(batch) for batch in csv_file.csv_batches(path)) == 60_000
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="truncated"):
        list(csv_file.csv_batches(path))


def test_a_missing_target_suggests_and_lists(tmp_path):
    refused(
        tmp_path, "Age,Survived\n1,0\n", DataError, "no column 'Survivd'", "Did you mean 'Survived'", target="Survivd"
    )


def test_a_missing_group_is_named(tmp_path):
    refused(tmp_path, "x,y\n1,a\n", DataError, "no column 'who'", "--group", group="who")


def test_no_target_is_a_usage_error_that_lists_the_columns(tmp_path):
    refused(tmp_path, "x,y\n1,a\n", UsageError, "--target", "x, y", target=None)


@pytest.mark.parametrize("value", ["", "b", "inf", "nan"])
def test_several_targets_must_be_numbers(tmp_path, value):
    refused(tmp_path, f"x,a,b\n1,0,1\n2,{value},1\n", DataError, "column 'a'", "data row 2", target="a,b")


def test_hostile_names_are_shown_escaped(tmp_path):
    refused(tmp_path, '"\x1b[31mred",y\n1,a\n', DataError, r"\x1b[31mred", target="z")


def test_real_titanic_keeps_every_row_and_type(real_data):
    data = load(str(real_data / "titanic" / "train.csv"), target="Survived")
    assert data.X.shape == (891, 11)
    assert data.X["Age"].isna().sum() == 177
    assert data.X["Name"][0] == "Braund, Mr. Owen Harris"
    assert set(data.y) == {"0", "1"}
    assert load(str(real_data / "titanic" / "test.csv"), target="Survived", labelled=False).X.shape == (418, 11)


def test_real_housing_has_its_207_gaps(real_data):
    data = load(str(real_data / "housing" / "housing.csv"), target="ocean_proximity")
    assert data.X.shape == (20_640, 9)
    assert data.X["total_bedrooms"].isna().sum() == 207
