"""The few nodes that carry something callable or random: each in exactly the form that scikit-learn writes."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.record.bundle.refusal import demand
from tenfold.record.bundle.vetting.allow import BIT_GENERATORS
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.kinds import items_of
from tenfold.text import shown

__all__ = ["check_function_place", "check_function_transformer", "check_generator", "check_partial"]

_CHECK_ARRAY = "sklearn.utils.validation.check_array"
_OPTIONS = frozenset({"dtype", "ensure_all_finite"})
_NUMBERS = frozenset({"numpy.float32", "numpy.float64"})
_FINITE = frozenset({None, True, False, "allow-nan"})
_NEVER_SET = ("inverse_func", "kw_args", "inv_kw_args")
_LARGEST_POOL = 64


def check_function_transformer(transformer: Stored) -> None:
    """It holds no function ("passthrough" of a table), or the ``partial(check_array, ...)`` of histogram boosting."""
    own = attributes(transformer)
    func = own["func"]
    known = func.kind == "PartialNode" or (func.kind == "JsonNode" and func.value is None)
    nothing = all(own[name].kind == "JsonNode" and own[name].value is None for name in _NEVER_SET)
    demand(known and nothing, "a FunctionTransformer holds another function")


def check_partial(partial: Stored) -> None:
    """The partial is of ``check_array``, without positional arguments, with the two options of boosting."""
    parts = partial.parts
    demand(parts["func"].type == _CHECK_ARRAY, f"a partial holds '{shown(parts['func'].type)}'")
    demand(parts["args"].kind == "TupleNode" and not parts["args"].parts, "a partial holds arguments")
    options = parts["kwds"].parts
    demand(parts["kwds"].kind == "DictNode" and set(options) <= _OPTIONS, "a partial holds other options")
    types = [
        item for option in options.values() for item in (items_of(option) or [option]) if option.kind != "JsonNode"
    ]
    numbers = all(item.type in _NUMBERS for item in types)
    demand(numbers and all(option.value in _FINITE for option in options.values()), "a partial holds other options")
    demand(parts["namespace"].kind in {"JsonNode", "DictNode"}, "a partial holds a namespace")
    demand(not parts["namespace"].parts and not parts["namespace"].value, "a partial holds a namespace")


def check_function_place(function: Stored, around: Stored | None) -> None:
    """A function, or a partial, stands only inside a FunctionTransformer."""
    inside = around is not None and around.type.endswith(".FunctionTransformer")
    demand(inside, f"it holds the function '{shown(function.type)}' outside of its place")


def check_generator(generator: Stored) -> None:
    """A random generator is rebuilt by a call: of a known bit generator, from a seed of harmless size."""
    name = generator.parts["bit_generator"].parts["bit_generator"].value
    demand(name in BIT_GENERATORS, f"it holds the random generator '{shown(name)}', which is not on Tenfold's list")
    seed = generator.parts["seed_seq"].parts
    pool = seed["pool_size"].value if "pool_size" in seed else 4
    demand(type(pool) is int and 0 < pool <= _LARGEST_POOL, "a random generator has a pool of odd size")
    plain = all(type(leaf.value) in {int, str, type(None)} for leaf in _leaves(generator))
    demand(plain, "a random generator has a state of other than whole numbers")


def _leaves(node: Stored) -> Iterator[Stored]:
    if not node.parts:
        yield node
    for part in node.parts.values():
        yield from _leaves(part)
