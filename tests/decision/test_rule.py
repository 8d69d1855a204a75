import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import UsageError

STARTS = "argmax, f1, precision>=, recall>=, specificity>=, coverage>=, cost or prior="


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("argmax", Rule("argmax", text="argmax")),
        ("  F1 ", Rule("f1", text="f1")),
        ("coverage >= 90%", Rule("coverage", target=0.9, text="coverage>=0.9")),
        ("cost over=1, under=3", Rule("newsvendor", under=3.0, over=1.0, text="cost under=3 over=1")),
        ("precision>=0.9", Rule("at_least", "precision", 0.9, text="precision>=0.9")),
        (" recall >= 95 % ", Rule("at_least", "recall", 0.95, text="recall>=0.95")),
        ("specificity>=99.9%", Rule("at_least", "specificity", 0.999, text="specificity>=0.999")),
        ("recall>=1", Rule("at_least", "recall", 1.0, text="recall>=1")),
        ("precision>=.9@95%", Rule("at_least", "precision", 0.9, 0.95, text="precision>=0.9 @ 95%")),
        ("precision>=0.9 @ 0.995", Rule("at_least", "precision", 0.9, 0.995, text="precision>=0.9 @ 99.5%")),
        ("cost fp=1 fn=5", Rule("cost", fp=1.0, fn=5.0, text="cost fp=1 fn=5")),
        ("cost fn = 5 , fp = 0.5", Rule("cost", fp=0.5, fn=5.0, text="cost fp=0.5 fn=5")),
        ("cost fp=0 fn=2e3", Rule("cost", fp=0.0, fn=2000.0, text="cost fp=0 fn=2000")),
    ],
)
def test_rules_are_read_and_their_text_reads_back_the_same(text, rule):
    assert parse_rule(text) == rule
    assert parse_rule(rule.text) == rule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"expected {STARTS}, at character 1 (the end)"),
        ("  accuracy>=0.9", "or prior=, at character 3 ('a')"),
        ("precision", "expected '>=' after 'precision', at character 10 (the end)"),
        ("precision>0.9", "expected '>=' after 'precision', at character 11 ('0')"),
        ("precision>>0.9", "expected '>=' after 'precision', at character 11 ('>')"),
        ("precision>=", "expected a number after '>=', at character 12 (the end)"),
        ("precision>=-1", "expected a number after '>=', at character 12 ('-')"),
        ("precision>=90", "expected a precision above 0 and at most 1 (100%), at character 12 ('9')"),
        ("recall>=0", "expected a recall above 0 and at most 1 (100%), at character 9 ('0')"),
        ("recall>=0.9 now", "expected nothing more, at character 13 ('n')"),
        ("recall>=0.9 @", "expected a number after '@', at character 14 (the end)"),
        ("recall>=0.9 @ 95", "expected a confidence between 0 and 1 (95%), at character 15 ('9')"),
        ("recall>=1 @ 95%", "as no data can guarantee 1, at character 13 ('9')"),
        ("f1 @ 95%", "expected nothing more, at character 4 ('@')"),
        ("cost", "expected fp= or fn= or under= or over= after 'cost', at character 5 (the end)"),
        ("cost fp=1", "expected fn= after 'cost', at character 10 (the end)"),
        ("cost fp=1 fp=2", "expected fn= after 'cost', at character 11 ('f')"),
        ("cost fp 1 fn=2", "expected '=' after 'fp', at character 9 ('1')"),
        ("cost fp=x fn=2", "expected a number after '=', at character 9 ('x')"),
        ("cost fp=0 fn=0", "expected a cost above 0, at character 14 ('0')"),
        ("cost fp=1 fn=1e99", "expected a cost of at most 1e12, at character 14 ('1')"),
    ],
)
def test_an_error_points_at_the_character(text, message):
    with pytest.raises(UsageError) as raised:
        parse_rule(text)
    assert str(raised.value).endswith(f"{message}.")
    assert str(raised.value).startswith(f"--decide '{text}': expected ")


@given(st.text(max_size=30) | st.text("precisonfalt>=0.9 @%,\n\x1b٣", max_size=30))
def test_any_text_is_read_or_refused_on_one_line(text):
    try:
        rule, message = parse_rule(text), ""
    except UsageError as error:
        rule, message = None, str(error)
    assert rule is None or parse_rule(rule.text) == rule
    assert len(message.splitlines()) <= 1
    assert "\x1b" not in message


@given(st.decimals("0.0001", 1, places=6), st.decimals("0.01", "0.99", places=4))
def test_shares_and_percentages_mean_the_same(target, confidence):
    plain = parse_rule(f"precision>={target}")
    assert plain == parse_rule(f"precision >= {target * 100}%")
    assert plain.target == float(target)
    if target < 1:
        assert parse_rule(f"recall>={target} @ {confidence * 100}%").confidence == float(confidence)


def test_reading_a_rule_loads_no_numpy():
    code = "import sys, tenfold.decision.rule; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("prior=0.2", Rule("cost", fp=1.0, fn=1.0, prior=0.2, text="prior=0.2")),
        ("f1, prior = 5 %", Rule("f1", prior=0.05, text="f1 prior=0.05")),
        ("precision>=0.9 prior=0.2", Rule("at_least", "precision", 0.9, prior=0.2, text="precision>=0.9 prior=0.2")),
        ("cost fp=1 fn=5 prior=.5", Rule("cost", fp=1.0, fn=5.0, prior=0.5, text="cost fp=1 fn=5 prior=0.5")),
    ],
)
def test_a_prior_stands_behind_a_rule_or_alone(text, rule):
    assert parse_rule(text) == rule
    assert parse_rule(rule.text) == rule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prior=1", "expected a share of positives between 0 and 1 (20%), at character 7 ('1')"),
        ("prior 0.2", "expected '=' after 'prior', at character 7 ('0')"),
        ("argmax prior=0.2", "expected nothing more, at character 8 ('p')"),
        (
            "precision>=0.9 @ 95% prior=0.2",
            "expected no prior, as a guarantee holds for the share of the rows it rests on, at character 22 ('p')",
        ),
    ],
)
def test_a_prior_that_says_nothing_is_pointed_at(text, message):
    with pytest.raises(UsageError) as raised:
        parse_rule(text)
    assert str(raised.value).endswith(f"{message}.")
