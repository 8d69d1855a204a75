"""The lists there are; another one is a file more and a name here."""

from tests.models.scikit_learn.neighbours import NEIGHBOUR_MEANS, NEIGHBOURS
from tests.models.scikit_learn.sgd import SGD, SGD_TARGETS
from tests.models.scikit_learn.svc import SUPPORT_VECTORS

LISTS = (NEIGHBOURS, NEIGHBOUR_MEANS, SGD, SGD_TARGETS, SUPPORT_VECTORS)
