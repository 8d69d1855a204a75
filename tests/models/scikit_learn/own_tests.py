"""What of scikit-learn's own tests is run, and what of it is refused by design."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class OwnTests:
    """
    The tests of a module of scikit-learn that reach one of its classes.

    Parameters
    ----------
    module : str
        Full name of the test module.
    replaced : (str, str)
        The public module and the class in it that ours takes the place of.
    ours : type
    passed : tuple of str
        Names of test functions. Of one with cases for several classes, those that name the replaced one are meant.
    refused : mapping of str to str
        Names of test functions with at least one case that ours does not pass, and why that is by design.
    """

    module: str
    replaced: tuple[str, str]
    ours: type
    passed: tuple[str, ...]
    refused: Mapping[str, str]

    def is_listed(self, module, case):
        """Tell whether a case, by its test module and id, is one of these."""
        name, _, parameters = case.partition("[")
        if module != self.module or name not in {*self.passed, *self.refused}:
            return False
        words = re.findall("[A-Za-z]+", parameters)
        mine = any(word.endswith(self.replaced[1]) for word in words)
        return mine or not any(other in parameters for other in _OTHERS)


_OTHERS = (
    "Classifier",
    "Regressor",
    "OneClass",
    "Transformer",
    "Radius",
    "Nearest",
    "SVR",
    "NuSVC",
    "LinearSVC",
    "OutlierFactor",
)
"""Parts of the names of classes that such tests are for as well."""
