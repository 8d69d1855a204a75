"""The operating point: the rule asked for, the threshold that meets it, its application."""

from tenfold.decision.choose import choose_decision
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule, parse_rule

__all__ = ["Decision", "Rule", "choose_decision", "parse_rule"]
