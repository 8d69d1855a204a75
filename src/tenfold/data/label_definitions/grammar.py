"""
What a label definition says: ``large = digit >= 7``, read by a small grammar of its own; nothing is executed.

    definitions = definition {("," | new line) definition}
    definition  = (name | text) "=" either
    either      = both {"or" both}
    both        = denied {"and" denied}
    denied      = "not" denied | comparison
    comparison  = sum {("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" "(" sum {"," sum} ")"}
    sum         = product {("+" | "-") product}
    product     = signed {("*" | "/" | "//" | "%") signed}
    signed      = "-" signed | number | text | name | "(" either ")"
"""

from __future__ import annotations

from collections.abc import Callable

from tenfold.data.label_definitions.nodes import Compared, Definition, Literal, Name, Node, Operation, is_truth
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
    Read definitions, separated by commas or one a line.

    Parameters
    ----------
    source : str
    where : str
        Option or file, for messages.

    Raises
    ------
    UsageError
        The text is no list of definitions; the message points at the character.

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
    """The words, and how far they have been read."""

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
        found: list[Definition] = []
        self.breaks()
        while self.word.kind != "end":
            found.append(self.definition({one.name for one in found}))
            if len(found) > _MOST_LABELS:
                raise refusal(f"more than {_MOST_LABELS} labels", self.word.place)
            self.separator()
        if not found:
            raise refusal("expected a definition such as large = digit >= 7", self.word.place)
        return tuple(found)

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

    def definition(self, taken: set[str]) -> Definition:
        word = self.word
        if word.kind not in {"name", "text"} or (word.kind == "name" and word.text.lower() in _WORDS):
            raise refusal("expected the name of a label", word.place)
        if not word.text.strip():
            raise refusal("the name of a label is empty", word.place)
        if word.text in taken:
            raise refusal(f"label '{shown(word.text, 40)}' is defined twice", word.place)
        self.next()
        self.expect("=", f"after the label '{shown(word.text, 40)}'")
        condition = self.either()
        if not is_truth(condition):
            raise refusal("a label needs a comparison, such as digit >= 7: this", condition.place)
        return Definition(word.text, condition)

    def either(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"parentheses deeper than {_DEEPEST}", self.word.place)
        node = self.joined("or", self.both)
        self.depth -= 1
        return node

    def both(self) -> Node:
        return self.joined("and", self.denied)

    def joined(self, operator: str, read: Callable[[], Node]) -> Node:
        """One or more conditions joined by ``and`` or ``or``."""
        first = read()
        while self.is_word(operator):
            place = self.next().place
            first = Operation(operator, (self.truth(first), self.truth(read())), place)
        return first

    def truth(self, node: Node) -> Node:
        if not is_truth(node):
            raise refusal("'and', 'or' and 'not' join comparisons, such as digit >= 7: this", node.place)
        return node

    def denied(self) -> Node:
        place = self.word.place
        if not self.is_word("not"):
            return self.comparison()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"more than {_DEEPEST} times 'not'", place)
        self.next()
        node = Operation("not", (self.truth(self.denied()),), place)
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
        return Compared(tuple(operators), tuple(operands), tuple(places))

    def value(self, node: Node) -> Node:
        if is_truth(node):
            raise refusal("a comparison stands where a number or a name is needed", node.place)
        return node

    def membership(self, first: Node) -> Node:
        place = self.word.place
        denied = self.is_word("not")
        if denied:
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
        found = Operation("in", (self.value(first), *members), place)
        return Operation("not", (found,), place) if denied else found

    def sum(self) -> Node:
        node = self.product()
        while self.is_symbol("+", "-"):
            word = self.next()
            node = Operation(word.text, (self.value(node), self.value(self.product())), word.place)
        return node

    def product(self) -> Node:
        node = self.signed()
        while self.is_symbol("*", "/", "//", "%"):
            word = self.next()
            node = Operation(word.text, (self.value(node), self.value(self.signed())), word.place)
        return node

    def signed(self) -> Node:
        if not self.is_symbol("-"):
            return self.atom()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal(f"more than {_DEEPEST} signs", self.word.place)
        place = self.next().place
        node = Operation("-", (self.value(self.signed()),), place)
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
            node = self.either()
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
