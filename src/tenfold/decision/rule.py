"""What `--decide` says: a rule for the operating point, read from one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, NoReturn

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["Rule", "parse_rule", "refuse_quantity_rule"]

RuleKind = Literal["argmax", "at_least", "f1", "cost", "coverage", "newsvendor"]
_METRICS = ("precision", "recall", "specificity")
_HIGHEST_COST = 1e12
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*", re.ASCII)
_STARTS = "argmax, f1, precision>=, recall>=, specificity>=, coverage>=, cost or prior="
_COSTS_OF_CLASSES, _COSTS_OF_QUANTITIES = ("fp", "fn"), ("under", "over")


@dataclass(frozen=True)
class Rule:
    """
    How the operating point is to be chosen.

    Parameters
    ----------
    kind : {"argmax", "at_least", "f1", "cost", "coverage", "newsvendor"}
        The last two are for quantities: intervals that hold a share of new values, and a prediction that costs least.
    metric : {"precision", "recall", "specificity"} or None
        What must reach `target`; only for ``"at_least"``.
    target : float or None
        In (0, 1]; of a coverage below 1.
    confidence : float or None
        Confidence in (0, 1) with which new data of the same kind reach the target; None: these data do.
    fp, fn : float or None
        Cost of a false positive and of a false negative; only for ``"cost"``.
    prior : float or None
        Share of positives, in (0, 1), where the model will be used; None: that of the rows it is chosen on.
    under, over : float or None
        Cost of each unit that a prediction is below and above the true value; only for ``"newsvendor"``.
    text : str
        The rule in its plainest spelling, which `parse_rule` reads back.

    Examples
    --------
    >>> parse_rule("precision >= 90%").text
    'precision>=0.9'
    """

    kind: RuleKind
    metric: str | None = None
    target: float | None = None
    confidence: float | None = None
    fp: float | None = None
    fn: float | None = None
    prior: float | None = None
    text: str = ""
    under: float | None = None
    over: float | None = None

    @property
    def is_of_quantities(self) -> bool:
        """Whether it decides on quantities rather than classes."""
        return self.kind in {"coverage", "newsvendor"}


def parse_rule(text: str) -> Rule:
    """
    Read a rule: ``argmax``, ``f1``, ``precision>=0.9`` (recall, specificity), ``cost fp=1 fn=5``.

    Spaces are free, shares may be percentages, costs come in any order and may have a comma between them.
    ``precision>=0.9 @ 95%`` asks that new data reach the target with that confidence. Behind any of them but argmax,
    ``prior=0.2`` says which share of new data is positive; alone it asks for the fewest errors there.
    Of quantities, ``coverage>=0.9`` asks for intervals that hold nine of ten values, ``cost under=3 over=1`` for the
    prediction that costs least.

    Parameters
    ----------
    text : str

    Returns
    -------
    Rule

    Raises
    ------
    UsageError
        The text is no rule; the message points at the character.

    Examples
    --------
    >>> parse_rule("cost fn=5, fp=1").text, parse_rule("f1, prior = 20%").text
    ('cost fp=1 fn=5', 'f1 prior=0.2')
    >>> parse_rule("coverage >= 90%").target, parse_rule("cost over=1 under=3").text
    (0.9, 'cost under=3 over=1')
    >>> parse_rule("precision>>0.9")
    Traceback (most recent call last):
    tenfold.errors.UsageError: --decide 'precision>>0.9': expected '>=' after 'precision', at character 11 ('>').
    """
    line = _Line(text)
    start, word = line.word(_STARTS)
    if word in {"argmax", "f1"}:
        rule = Rule("argmax" if word == "argmax" else "f1", text=word)
    elif word in _METRICS:
        rule = _at_least(line, word)
    elif word == "coverage":
        rule = _coverage(line)
    elif word == "cost":
        rule = _cost(line)
    elif word == "prior":
        rule = Rule("cost", fp=1.0, fn=1.0, prior=_prior(line))
        rule = replace(rule, text=f"prior={rule.prior:.12g}")
    else:
        line.refuse(f"expected {_STARTS}", start)
    if rule.kind != "argmax" and not rule.is_of_quantities and rule.prior is None:
        rule = _with_prior(line, rule)
    line.end()
    return rule


def refuse_quantity_rule(rule: Rule, run: Path | None = None) -> None:
    """Refuse a rule about quantities where classes are predicted, with a UsageError; `run` is decided again."""
    if rule.is_of_quantities:
        do = "give precision>=0.9, recall>=0.9, f1 or cost fp=1 fn=5"
        raise UsageError(f"the rule '{rule.text}' is for quantities, classes are predicted here", where=run, do=do)


class _Line:
    """A rule's text and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def refuse(self, what: str, at: int) -> NoReturn:
        token = f"'{shown(self.text[at], 12)}'" if at < len(self.text) else "the end"
        raise UsageError(f"{what}, at character {at + 1} ({token})", where=f"--decide '{shown(self.text)}'")

    def skip(self) -> int:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at

    def take(self, symbol: str) -> bool:
        """Read a symbol if it comes next."""
        token = self.text.startswith(symbol, self.skip())
        self.at += len(symbol) if token else 0
        return token

    def expect(self, symbol: str, after: str) -> None:
        """Read a symbol, or point at its first character that is not there."""
        self.skip()
        for character in symbol:
            if not self.text.startswith(character, self.at):
                self.refuse(f"expected '{symbol}' after '{after}'", self.at)
            self.at += 1

    def word(self, expected: str) -> tuple[int, str]:
        token = _WORD.match(self.text, self.skip())
        if not token:
            self.refuse(f"expected {expected}", self.at)
        start, self.at = self.at, token.end()
        return start, token.group().lower()

    def number(self, after: str) -> tuple[int, Decimal]:
        token = _NUMBER.match(self.text, self.skip())
        if not token:
            self.refuse(f"expected a number after '{after}'", self.at)
        start, self.at = self.at, token.end()
        return start, Decimal(token.group())

    def share(self, after: str) -> tuple[int, float]:
        """Read a number that may be a percentage; decimal, so that 99.9% is the 0.999 that one would write."""
        start, number = self.number(after)
        return start, float(number / 100 if self.take("%") else number)

    def end(self) -> None:
        if self.skip() < len(self.text):
            self.refuse("expected nothing more", self.at)


def _at_least(line: _Line, metric: str) -> Rule:
    line.expect(">=", metric)
    start, target = line.share(">=")
    if not 0 < target <= 1:
        line.refuse(f"expected a {metric} above 0 and at most 1 (100%)", start)
    text = f"{metric}>={target:.12g}"
    if not line.take("@"):
        return Rule("at_least", metric, target, text=text)
    start, confidence = line.share("@")
    if not 0 < confidence < 1:
        line.refuse("expected a confidence between 0 and 1 (95%)", start)
    if target == 1:
        line.refuse("expected a target below 1, as no data can guarantee 1", start)
    percent = f"{Decimal(repr(confidence)) * 100:f}"
    percent = percent.rstrip("0").rstrip(".") if "." in percent else percent
    return Rule("at_least", metric, target, confidence, text=f"{text} @ {percent}%")


def _coverage(line: _Line) -> Rule:
    line.expect(">=", "coverage")
    start, target = line.share(">=")
    if not 0 < target < 1:
        line.refuse("expected a coverage above 0 and below 1 (100%)", start)
    return Rule("coverage", target=target, text=f"coverage>={target:.12g}")


def _with_prior(line: _Line, rule: Rule) -> Rule:
    """The same rule, with the share of positives where one stands behind it."""
    start = line.skip()
    line.take(",")
    if not line.take("prior"):
        line.at = start
        return rule
    if rule.confidence is not None:
        line.refuse("expected no prior, as a guarantee holds for the share of the rows it rests on", start)
    prior = _prior(line)
    return replace(rule, prior=prior, text=f"{rule.text} prior={prior:.12g}")


def _prior(line: _Line) -> float:
    line.expect("=", "prior")
    start, prior = line.share("=")
    if not 0 < prior < 1:
        line.refuse("expected a share of positives between 0 and 1 (20%)", start)
    return prior


def _cost(line: _Line) -> Rule:
    costs: dict[str, float] = {}
    names: tuple[str, ...] = (*_COSTS_OF_CLASSES, *_COSTS_OF_QUANTITIES)
    while len(costs) < 2:
        missing = " or ".join(f"{name}=" for name in names if name not in costs)
        start, name = line.word(f"{missing} after 'cost'")
        if name not in names or name in costs:
            line.refuse(f"expected {missing} after 'cost'", start)
        names = _COSTS_OF_CLASSES if name in _COSTS_OF_CLASSES else _COSTS_OF_QUANTITIES
        line.expect("=", name)
        start, cost = line.number("=")
        costs[name] = float(cost)
        if costs[name] > _HIGHEST_COST:
            line.refuse("expected a cost of at most 1e12", start)
        line.take(",") if len(costs) == 1 else None
    if not any(costs.values()):
        line.refuse("expected a cost above 0", start)
    if names == _COSTS_OF_QUANTITIES:
        under, over = costs["under"], costs["over"]
        return Rule("newsvendor", under=under, over=over, text=f"cost under={under:.12g} over={over:.12g}")
    fp, fn = costs["fp"], costs["fn"]
    return Rule("cost", fp=fp, fn=fn, text=f"cost fp={fp:.12g} fn={fn:.12g}")
