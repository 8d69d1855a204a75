"""
The grammar of label definitions such as ``large = digit >= 7``; nothing is executed.

    definitions = definition {("," | new line) definition}
    definition  = (name | text) "=" disjunction
    disjunction = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = sum {("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" "(" sum {"," sum} ")"}
    sum         = product {("+" | "-") product}
    product     = factor {("*" | "/" | "//" | "%") factor}
    factor      = "-" factor | number | text | name | "(" disjunction ")"
"""

from __future__ import annotations

from collections.abc import Callable

from tenfold.data.label_definitions.nodes import Comparison, Definition, Literal, Name, Node, Operation, is_truth
from tenfold.data.label_definitions.tokens import Place, Token, refusal, tokens
from tenfold.text import shown

__all__ = ["parse_definitions"]

_WORDS = {"and", "or", "not", "in"}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
_DEEPEST = 40
_LONGEST = 100_000
_MOST_LABELS = 200


def parse_definitions(source: str, where: str = "--labels") -> tuple[Definition, ...]:
    """
    Parse definitions, separated by commas or line ends.

    Parameters
    ----------
    source : str
    where : str
        Option or file, for messages.

    Raises
    ------
    UsageError
        The text is not a list of definitions; the message names the character.

    Examples
    --------
    >>> [one.name for one in parse_definitions("large = digit >= 7, odd = digit % 2 == 1")]
    ['large', 'odd']
    >>> parse_definitions("large = digit => 7")
    Traceback (most recent call last):
    tenfold.errors.UsageError: --labels: expected '==' to compare, at character 15 ('=').
    """
    if len(source) > _LONGEST:
        raise refusal(
            f"definitions of {len(source):,} characters, over the limit of {_LONGEST:,}", Place(source, 0, where)
        )
    return _Reader(tokens(source, where)).definitions()


class _Reader:
    """The tokens, and the position of the next one."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at, self.depth = words, 0, 0
        self.free: str | None = None

    @property
    def word(self) -> Token:
        return self.words[self.at]

    def next(self) -> Token:
        word = self.word
        self.at += 1
        return word

    def is_symbol(self, *symbols: str) -> bool:
        return self.word.kind == "symbol" and self.word.text in symbols

    def is_word(self, text: str) -> bool:
        return self.word.kind == "name" and self.word.text.lower() == text

    def expect(self, symbol: str, why: str) -> Token:
        if not self.is_symbol(symbol):
            raise refusal(f"expected '{symbol}' {why}", self.word.place)
        return self.next()

    def definitions(self) -> tuple[Definition, ...]:
        definitions: list[Definition] = []
        self.breaks()
        while self.word.kind != "end":
            definitions.append(self.definition({one.name for one in definitions}))
            if len(definitions) > _MOST_LABELS:
                raise refusal(f"more than {_MOST_LABELS} labels", self.word.place)
            self.separator()
        if not definitions:
            raise refusal("expected a definition such as large = digit >= 7", self.word.place)
        return tuple(definitions)

    def breaks(self) -> None:
        while self.word.kind == "break":
            self.next()

    def separator(self) -> None:
        if self.is_symbol(","):
            self.next()
            self.breaks()
            if self.word.kind == "end":
                return
        elif self.word.kind == "break":
            self.breaks()
        elif self.word.kind != "end":
            raise refusal("expected an operator, or ',' before the next label", self.word.place)

    def definition(self, names: set[str]) -> Definition:
        word = self.word
        if word.kind not in {"name", "text"} or (word.kind == "name" and word.text.lower() in _WORDS):
            raise refusal("expected the name of a label", word.place)
        if not word.text.strip():
            raise refusal("the name of a label is empty", word.place)
        if word.text in names:
            raise refusal(f"label '{shown(word.text, 40)}' is defined twice", word.place)
        self.next()
        self.expect("=", f"after the label '{shown(word.text, 40)}'")
        condition = self.disjunction()
        if not is_truth(condition):
            raise refusal("a label needs a comparison, such as digit >= 7: this", condition.place)
        return Definition(word.text, condition)

    def disjunction(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"parentheses deeper than {_DEEPEST}", self.word.place)
        node = self.chain("or", self.conjunction)
        self.depth -= 1
        return node

    def conjunction(self) -> Node:
        return self.chain("and", self.negation)

    def chain(self, operator: str, read: Callable[[], Node]) -> Node:
        """Parse one or more conditions joined by ``and`` or ``or``."""
        first = read()
        while self.is_word(operator):
            place = self.next().place
            first = Operation(operator, (self.truth(first), self.truth(read())), place)
        return first

    def truth(self, node: Node) -> Node:
        if not is_truth(node):
            raise refusal("'and', 'or' and 'not' join comparisons, such as digit >= 7: this", node.place)
        return node

    def negation(self) -> Node:
        place = self.word.place
        if not self.is_word("not"):
            return self.comparison()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"more than {_DEEPEST} times 'not'", place)
        self.next()
        node = Operation("not", (self.truth(self.negation()),), place)
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        first = self.sum()
        if self.is_word("in") or self.is_word("not"):
            return self.membership(first)
        operators, operands, places = [], [first], []
        while self.is_symbol(*_COMPARISONS, "="):
            word = self.next()
            if word.text == "=":
                raise refusal("expected '==' to compare", word.place)
            if self.is_symbol("="):
                raise refusal("expected '==' to compare", self.word.place)
            operators.append(word.text)
            places.append(word.place)
            operands.append(self.sum())
        if not operators:
            return first
        for operand in operands:
            self.value(operand)
        return Comparison(tuple(operators), tuple(operands), tuple(places))

    def value(self, node: Node) -> Node:
        if is_truth(node):
            raise refusal("a comparison stands where a number or a name is needed", node.place)
        return node

    def membership(self, first: Node) -> Node:
        place = self.word.place
        is_negated = self.is_word("not")
        if is_negated:
            self.next()
        if not self.is_word("in"):
            raise refusal("expected 'in' after 'not'", self.word.place)
        self.next()
        self.expect("(", "after 'in'")
        members = [self.value(self.sum())]
        while self.is_symbol(","):
            self.next()
            if not self.is_symbol(")"):
                members.append(self.value(self.sum()))
        self.expect(")", "after the list")
        node = Operation("in", (self.value(first), *members), place)
        return Operation("not", (node,), place) if is_negated else node

    def sum(self) -> Node:
        node = self.product()
        while self.is_symbol("+", "-"):
            word = self.next()
            node = Operation(word.text, (self.value(node), self.value(self.product())), word.place)
        return node

    def product(self) -> Node:
        node = self.factor()
        while self.is_symbol("*", "/", "//", "%"):
            word = self.next()
            node = Operation(word.text, (self.value(node), self.value(self.factor())), word.place)
        return node

    def factor(self) -> Node:
        if not self.is_symbol("-"):
            return self.atom()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"more than {_DEEPEST} signs", self.word.place)
        place = self.next().place
        node = Operation("-", (self.value(self.factor()),), place)
        self.depth -= 1
        return node

    def atom(self) -> Node:
        word = self.word
        if word.kind == "number":
            return Literal(_number(self.next().text), word.place)
        if word.kind == "text":
            return Literal(self.next().text, word.place)
        if word.kind == "name" and word.text.lower() not in _WORDS:
            return self.name()
        if self.is_symbol("("):
            self.next()
            node = self.disjunction()
            self.expect(")", "to close a parenthesis")
            return node
        raise refusal("expected a number, a quoted text or a name", word.place)

    def name(self) -> Node:
        word = self.next()
        if self.is_symbol("("):
            raise refusal(f"'{shown(word.text, 40)}' is no function: there are none", word.place)
        if self.free is not None and word.text != self.free:
            one, other = shown(self.free, 40), shown(word.text, 40)
            raise refusal(f"two names, '{one}' and '{other}': one name stands for the class of a row", word.place)
        self.free = word.text
        return Name(word.text, word.place)


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
