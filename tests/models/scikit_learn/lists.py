"""The lists there are; another one is a file more and a name here."""

from tests.models.scikit_learn.neighbours import NEIGHBOUR_MEANS, NEIGHBOURS
from tests.models.scikit_learn.sgd import SGD
from tests.models.scikit_learn.svc import SUPPORT_VECTORS

LISTS = (NEIGHBOURS, NEIGHBOUR_MEANS, SGD, SUPPORT_VECTORS)
