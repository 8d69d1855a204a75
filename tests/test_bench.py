"""The benchmark: that it measures, compares before it believes, tells what it found, and keeps what is finished."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import click
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import bench.__main__ as command_line
from bench.agreement import Answers, equally_accurate, equally_answered, seeds_interval
from bench.dots import beside_each_other
from bench.exponent import exponent
from bench.files import written
from bench.job import Contender, Job, Size
from bench.jobs import JOBS
from bench.machine import this_machine
from bench.measure import measured
from bench.measured import ContenderResult, JobResult, summed
from bench.occupied import Clock
from bench.scale import ScaleResult
from bench.session import Session
from bench.told import page, sums, table
from bench.words import seconds, times
from tenfold.errors import CheckFailedError, PartsFailedError, UsageError
from tests.bench_contenders import (
    coin_of,
    counting,
    counting_otherwise,
    dying,
    failing,
    holding_much,
    interrupting,
    lucky_coin,
    off_by_one,
    telling_the_seed,
)

SMALL = Size(40, 0)


def job(*contenders, judge=equally_answered, name="count"):
    return Job(name, "Counting to {rows}", "all of it", contenders, judge, SMALL, SMALL)


def run(the_job, **options):
    return measured(the_job, SMALL, repeats=options.pop("repeats", 2), threads=1, tell=lambda line: None, **options)


def test_contenders_that_agree_are_measured_in_turns():
    told = []
    two = job(Contender("first", counting), Contender("other", counting_otherwise))
    found = measured(two, SMALL, repeats=2, threads=1, tell=told.append)
    assert found.title == "Counting to 40"
    assert [one.name for one in found.contenders] == ["first", "other"]
    assert all(len(one.seconds) == 2 and min(one.seconds) > 0 for one in found.contenders)
    assert [one.answers for one in found.contenders] == ["equal", "equal"]
    turns = [line.split()[1].rstrip(",") for line in told if ", run " in line]
    assert turns == ["first", "other", "other", "first"]


def test_a_disagreement_is_told_in_one_line_and_no_time_is_given():
    with pytest.raises(CheckFailedError) as refusal:
        run(job(Contender("first", counting), Contender("wrong", off_by_one)))
    assert str(refusal.value).startswith("count: the answers of wrong are not those of first: 40 of 40 differ.")
    assert "\n" not in str(refusal.value)


def test_lower_accuracy_is_a_disagreement_and_higher_is_none():
    good, poor = Contender("good", coin_of(39)), Contender("poor", coin_of(8))
    assert run(job(poor, good, judge=equally_accurate)).contenders[1].answers.startswith("0.9750, +77.50 points (")
    with pytest.raises(CheckFailedError, match=r"poor are not those of good: accuracy 0\.2000, -77\.50 points"):
        run(job(good, poor, judge=equally_accurate))


def test_what_takes_minutes_runs_once_unless_asked():
    both = job(Contender("long", counting, once=True), Contender("short", counting))
    assert [len(one.seconds) for one in run(both, repeats=3).contenders] == [1, 3]
    assert [len(one.seconds) for one in run(both, repeats=3, repeat_long=True).contenders] == [3, 3]


def test_what_learns_in_a_random_order_runs_thrice_beside_one_run_of_the_first():
    both = replace(
        job(Contender("first", coin_of(30)), Contender("b", coin_of(30)), judge=equally_accurate), least_runs=3
    )
    found = run(both, repeats=1)
    assert [len(one.seconds) for one in found.contenders] == [1, 3]
    assert "3 seeds" not in found.contenders[1].note
    again = run(replace(both, contenders=(both.contenders[0], Contender("b", lucky_coin))), repeats=1)
    assert "3 seeds against 1" in again.contenders[1].note


def test_every_contender_gets_the_same_seeds():
    both = job(Contender("a", telling_the_seed), Contender("b", telling_the_seed))
    assert [one.answers for one in run(both, repeats=3).contenders] == ["equal", "equal"]


def test_what_is_not_installed_is_left_out_with_a_sentence():
    found = run(job(Contender("here", counting), Contender("There", counting, needs="no_such_module")), repeats=1)
    assert [one.name for one in found.contenders] == ["here"]
    assert found.left_out == ("There is left out: it is not installed (pip install -e '.[bench]').",)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [(failing, r"^bad failed: ValueError: two\\nlines\.$"), (dying, r"^the process of bad died with code 9\. Do: ")],
)
def test_a_contender_that_fails_is_told_by_name_in_one_line(prepare, said):
    with pytest.raises(PartsFailedError, match=said):
        run(job(Contender("bad", prepare)))


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory since a moment is known on Linux alone")
def test_extra_memory_is_that_of_the_work():
    found = run(job(Contender("little", counting), Contender("much", holding_much)))
    little, much = (one.extra_bytes for one in found.contenders)
    assert little < 20e6
    assert 75e6 < much < 120e6


def test_rounded_answers_may_differ_in_one_of_a_thousand():
    exact = np.zeros(2000)
    two, three = exact.copy(), exact.copy()
    two[:2] = three[:3] = 1
    assert equally_answered(Answers((two,), rounded=True), Answers((exact,))).short == "2 of 2,000 differ (rounded)"
    assert not equally_answered(Answers((three,), rounded=True), Answers((exact,))).agrees
    assert not equally_answered(Answers((two,)), Answers((exact,))).agrees
    assert not equally_answered(Answers((exact[:5],), rounded=True), Answers((exact,))).agrees


def test_one_unlucky_seed_is_no_disagreement():
    true = np.arange(1000) % 2
    calls = [np.where(np.arange(1000) < wrong, 1 - true, true) for wrong in (10, 200, 5, 30)]
    lucky = Answers((calls[0],), true)
    unlucky = Answers((calls[1], calls[2], calls[3]), true)
    assert equally_accurate(unlucky, lucky).agrees
    assert not equally_accurate(Answers((calls[1],), true), lucky).agrees


def test_the_interval_over_seeds_is_students():
    from scipy.stats import ttest_ind

    ours, theirs = [0.91, 0.92, 0.90], [0.93, 0.95]
    expected = ttest_ind(ours, theirs).confidence_interval(0.95)
    found = seeds_interval(ours, theirs)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_runs_that_do_not_depend_on_the_seed_are_compared_over_rows_alone():
    true = np.arange(10_000) % 2
    ours, theirs = (np.where(np.arange(10_000) < wrong, 1 - true, true) for wrong in (209, 208))
    found = equally_accurate(Answers((ours,) * 5, true), Answers((theirs,), true))
    assert "seeds" not in found.long
    assert "on the same rows with one seed" in found.long


@given(st.floats(0.2, 3), st.floats(1e-6, 10), st.lists(st.integers(1, 10**6), min_size=3, max_size=8, unique=True))
def test_the_exponent_of_a_power_is_found(power, factor, rows):
    found = exponent(rows, [factor * n**power for n in rows])
    assert found.value == pytest.approx(power, abs=1e-6)
    assert found.seconds(500) == pytest.approx(factor * 500**power, rel=1e-4)


def test_the_error_of_the_exponent_covers_it():
    """Of noisy powers, about 95 in 100 lie within Student's interval of the exponent found."""
    from scipy.stats import t

    rng, rows = np.random.default_rng(0), np.array([1, 2, 5, 10, 20, 40, 60]) * 1000
    noisy = [exponent(rows, 1e-6 * rows * np.exp(rng.normal(0, 0.2, len(rows)))) for _ in range(400)]
    inside = np.mean([abs(one.value - 1) < t.ppf(0.975, len(rows) - 2) * one.error for one in noisy])
    assert 0.92 < inside < 0.98


def test_time_that_does_not_grow_has_exponent_0():
    found = exponent([1, 2, 3], [0.5, 0.5, 0.5])
    assert (found.value, found.error, found.seconds(9)) == (0, 0, 0.5)


def test_an_exponent_needs_three_sizes():
    with pytest.raises(UsageError, match="at least 3 numbers of rows, not 2"):
        exponent([10, 20, 20], [1, 2, 2])


@given(st.lists(st.tuples(st.floats(0, 700), st.floats(20, 120)), min_size=1, max_size=4))
def test_labels_stand_apart_and_inside(labels):
    places, widths = zip(*labels, strict=True)
    moved = beside_each_other(places, widths, 0, 700)
    ends = sorted((centre - width / 2, centre + width / 2) for centre, width in zip(moved, widths, strict=True))
    assert ends[0][0] >= -1e-6
    assert ends[-1][1] <= 700 + 1e-6
    assert all(after[0] - before[1] > 10 for before, after in pairwise(ends))


@pytest.mark.parametrize(
    ("value", "said"), [(0.0999, "99.9 ms"), (0.1, "0.100 s"), (0.9999, "1.00 s"), (9.996, "10.0 s"), (99.96, "100 s"),
                        (1234.5, "1,234 s")]
)  # fmt: skip
def test_seconds_have_three_figures(value, said):
    assert seconds(value) == said


def result(name="knn", slow=(8.0,), fast=(2.0, 1.0, 4.0)):
    return JobResult(
        name,
        "k-NN: 10 | 20",
        "fit and predict",
        20,
        (
            ContenderResult("scikit-learn", slow, 0.5, 3_000_000, "equal"),
            ContenderResult("Tenfold", fast, 1.5, 5_400_000, "equal"),
            ContenderResult("FAISS", (4.0,), 0.1, None, "1 of 2,000 differ (rounded)", "a note"),
        ),
        ("intelex is left out: it is not installed.",),
    )


def session(**changes):
    steps = tuple(replace(result(slow=(rows / 500,), fast=(rows / 1000,)), rows=rows) for rows in (1_000, 2_000, 4_000))
    scale = ScaleResult("scale-knn", "k-NN against rows", "fit and predict", steps)
    common = {"quick": False, "jobs": (result(),), "scales": (scale,), "missing": ("svc",)}
    return Session("python -m bench", "2026-01-31", threads=2, machine=this_machine(), **(common | changes))


def test_the_table_gives_median_range_speed_memory_and_answers():
    lines = [line.split("  ") for line in table(result()).splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[2] == ["scikit-learn", "8.00 s", "once, n = 1", "1.00 x", "3 MB", "compared with"]
    assert cells[3] == ["Tenfold", "2.00 s", "1.00 s to 4.00 s", "4.00 x", "5 MB", "equal"]
    assert cells[4] == ["FAISS", "4.00 s", "once, n = 1", "2.00 x", "not known", "1 of 2,000 differ (rounded)"]
    assert "intelex is left out" in cells[5][0]


def test_the_page_tells_when_each_growth_was_measured():
    scale = session().scales[0]
    for days, said in {(28, 27, 28): "2026-01-27 to 2026-01-28", (28, 28, 28): "2026-01-28"}.items():
        dated = tuple(replace(step, date=f"2026-01-{day}") for step, day in zip(scale.steps, days, strict=True))
        assert f" Measured on {said}.\n" in page(session(scales=(replace(scale, steps=dated),)))


def test_sums_are_over_the_jobs_that_tenfold_does():
    without = JobResult("svc", "SVC", "", 5, (ContenderResult("scikit-learn", (9.0,), 0, None, "equal"),))
    found = summed([result(), result(), without], "Tenfold")
    assert (found.jobs, found.own, found.first, found.fastest_other) == (2, 4.0, 16.0, 8.0)
    said = sums([result(), result(), without])
    assert "The 2 jobs" in said
    assert "counted on both sides (9.00 s): 13.0 s against 25.0 s (1.92 x)" in said
    assert "both sides" not in sums([result()])
    assert "takes part in none" in sums([without])
    assert times(found.first / found.own) == "4.00 x"


def test_the_page_says_how_what_and_on_which_machine():
    said = page(session())
    assert "| k-NN: 10 \\| 20 | scikit-learn | 8.00 s | once, n = 1 |" in said
    assert "Not measured: svc." in said
    assert "Tenfold rows^1.00 (standard error 0.00)" in said
    assert "scikit-learn 1." in said.rpartition("## Measured on")[2]
    assert "FAISS: a note." in said
    assert "Others used" not in said
    some, many = (replace(result(), others=share) for share in (0.04, 0.314))
    assert "Others used at most 4 % of the processors meanwhile." in page(session(jobs=(some,)))
    assert "**Others used the processors too** (knn 31 %)" in page(session(jobs=(many,)))
    assert "Quick: fewer rows" in page(session(quick=True))


def test_files_are_whole_and_drawings_name_every_contender(tmp_path):
    paths = written(session(), tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(path.name for path in paths)
    found = json.loads((tmp_path / "new/benchmarks.json").read_text())
    assert found["jobs"][0]["contenders"][1]["times_as_fast"] == 4.0
    assert found["scales"][0]["exponents"]["Tenfold"]["value"] == pytest.approx(1)
    for name in ("benchmarks.svg", "benchmarks-scale-knn.svg"):
        words = [one.text or "" for one in ET.parse(tmp_path / "new" / name).iter() if one.tag.endswith("text")]
        for contender in ("scikit-learn", "Tenfold", "FAISS"):
            assert any(word.startswith(contender) for word in words)


def called(monkeypatch, jobs, *words):
    monkeypatch.setattr(command_line, "JOBS", jobs)
    monkeypatch.setattr(command_line, "_NAMES", tuple(one.name for one in jobs))
    monkeypatch.setattr(sys, "argv", ["bench", *words])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    return ended.value.code


def test_an_interrupt_keeps_what_is_finished(monkeypatch, tmp_path, capfd):
    jobs = (job(Contender("Tenfold", counting)), job(Contender("stops", interrupting), name="later"))
    assert called(monkeypatch, jobs, "--repeats", "1", "--out", str(tmp_path)) == 130
    found = json.loads((tmp_path / "benchmarks.json").read_text())
    assert [one["name"] for one in found["jobs"]] == ["count"]
    assert found["missing"] == ["later"]
    assert "Not measured: later." in (tmp_path / "benchmarks.md").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["benchmarks.json", "benchmarks.md", "benchmarks.svg"]
    assert "bench: Interrupted." in capfd.readouterr().err


def test_what_was_interrupted_goes_on_with_what_is_missing(monkeypatch, tmp_path, capfd):
    later = job(Contender("stops", interrupting), name="later")
    words = ("--repeats", "1", "--out", str(tmp_path))
    assert called(monkeypatch, (job(Contender("Tenfold", counting)), later), *words) == 130
    first = json.loads((tmp_path / "benchmarks.json").read_text())["jobs"][0]
    mended = job(Contender("Tenfold", counting), name="later")
    capfd.readouterr()
    assert called(monkeypatch, (mended, job(Contender("Tenfold", counting))), *words, "--resume") == 0
    assert "count" not in capfd.readouterr().err, "what is there is not measured again"
    found = json.loads((tmp_path / "benchmarks.json").read_text())["jobs"]
    assert [one["name"] for one in found] == ["later", "count"]
    assert found[1] == first
    assert called(monkeypatch, (mended,), *words, "--resume") == 0, "nothing is left to do"
    assert json.loads((tmp_path / "benchmarks.json").read_text())["jobs"] == found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"threads": 7}, "measured with threads 7, now "),
        ({"quick": True}, "measured with quick True, now False"),
        ({"schema": 1}, "measured with another layout"),
        ({"machine": {"versions": {"numba": "0.1"}}}, " missing, now "),
        ({"jobs": [{"name": "knn"}]}, "no benchmarks that can be gone on from"),
        ({"machine": 3}, "no benchmarks that can be gone on from"),
    ],
)
def test_other_conditions_are_not_gone_on_from(monkeypatch, tmp_path, capfd, changes, said):
    jobs, words = (job(Contender("Tenfold", counting)),), ("--repeats", "1", "--out", str(tmp_path))
    assert called(monkeypatch, jobs, *words) == 0
    path = tmp_path / "benchmarks.json"
    damaged = json.dumps(json.loads(path.read_text()) | changes)
    path.write_text(damaged)
    capfd.readouterr()
    assert called(monkeypatch, jobs, *words, "--resume") == 2
    told = capfd.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert path.read_text() == damaged


def test_what_was_measured_is_read_back_as_it_was():
    one = session(jobs=(replace(result(), date="2026-01-30", others=0.25),))
    found = json.loads(json.dumps(one.as_dict()))
    assert tuple(map(JobResult.from_dict, found["jobs"])) == one.jobs
    assert tuple(map(ScaleResult.from_dict, found["scales"])) == one.scales


def test_others_are_seen_and_oneself_is_not():
    if (before := Clock.now()) is None:
        pytest.skip("the system does not tell")
    own = time.process_time()
    while time.process_time() < own + 0.5:
        pass
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    time.sleep(1.0)
    between = Clock.now()
    other.kill()
    other.wait()
    seen = between.busy - before.busy - (between.own - before.own)
    assert between.own - before.own == pytest.approx(0.5, abs=0.1)
    assert seen > 0.5, "another process, which has not ended, was busy for a second"


def test_a_disagreement_ends_with_code_1_after_the_others(monkeypatch, tmp_path, capfd):
    wrong = job(Contender("first", counting), Contender("wrong", off_by_one))
    jobs = (wrong, job(Contender("dead", dying), name="dying"), job(Contender("Tenfold", counting), name="sound"))
    assert called(monkeypatch, jobs, "--repeats", "1", "--out", str(tmp_path)) == 1
    said = capfd.readouterr().err
    assert "bench: count: the answers of wrong are not those of first" in said
    assert "bench: not all could be measured: 2 of 3 failed" in said
    found = json.loads((tmp_path / "benchmarks.json").read_text())
    assert [one["name"] for one in found["jobs"]] == ["sound"]
    assert found["missing"] == []
    assert "**Left out.** count: the answers of wrong" in (tmp_path / "benchmarks.md").read_text()


def test_only_a_full_run_of_all_jobs_goes_to_docs_by_itself(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    jobs = (job(Contender("Tenfold", counting)), job(Contender("Tenfold", counting), name="other"))
    assert called(monkeypatch, jobs, "--repeats", "1", "--only", "other") == 0
    assert called(monkeypatch, jobs, "--quick") == 0
    assert not (tmp_path / "docs").exists()
    assert (tmp_path / "runs/bench/benchmarks.md").exists()
    assert called(monkeypatch, jobs) == 0
    assert (tmp_path / "docs/benchmarks.md").exists()


def test_an_unknown_job_is_refused_with_the_known_ones(monkeypatch, capfd):
    assert called(monkeypatch, JOBS, "--only", "knn-gird") == 2
    assert "no job 'knn-gird'. Did you mean 'knn-grid'? Do: choose from knn, knn-grid" in capfd.readouterr().err


def test_help_names_every_job():
    shown = CliRunner().invoke(command_line.command, ["--help"]).output
    assert all(one.name in "".join(shown.split()) for one in JOBS)
    assert isinstance(command_line.command, click.Command)


def test_the_neighbours_of_real_digits_agree(real_data, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    found = measured(JOBS[0], Size(300, 50), repeats=1, threads=2, tell=lambda line: None)
    assert {"scikit-learn", "Tenfold"} <= {one.name for one in found.contenders}
    assert all(one.answers == "equal" for one in found.contenders[:2])


@pytest.mark.slow
@pytest.mark.parametrize("one", JOBS[1:], ids=lambda one: one.name)
def test_every_job_agrees_on_real_digits(real_data, monkeypatch, one):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    found = measured(one, Size(1_000, 200), repeats=2, threads=2, tell=lambda line: None)
    assert len(found.contenders) + len(found.left_out) == len(one.contenders)
