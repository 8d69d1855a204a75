"""Chapter 1: does money make people happier? A line, and the nearest countries."""

from __future__ import annotations

import numpy as np

from tenfold.reproduce.figure import Job, Reference

__all__ = ["JOBS"]

_PRINTED = "printed in the classic text, measured with scikit-learn 1.9.1"
_CYPRUS = 22587.0

_COUNTRIES = (
    ("Russia", 9054.914, 6.0),
    ("Turkey", 9437.372, 5.6),
    ("Hungary", 12239.894, 4.9),
    ("Poland", 12495.334, 5.8),
    ("Slovak Republic", 15991.736, 6.1),
    ("Estonia", 17288.083, 5.6),
    ("Greece", 18064.288, 4.8),
    ("Portugal", 19121.592, 5.1),
    ("Slovenia", 20732.482, 5.7),
    ("Spain", 25864.721, 6.5),
    ("Korea", 27195.197, 5.8),
    ("Italy", 29866.581, 6.0),
    ("Japan", 32485.545, 5.9),
    ("Israel", 35343.336, 7.4),
    ("New Zealand", 37044.891, 7.3),
    ("France", 37675.006, 6.5),
    ("Belgium", 40106.632, 6.9),
    ("Germany", 40996.511, 7.0),
    ("Finland", 41973.988, 7.4),
    ("Canada", 43331.961, 7.3),
    ("Netherlands", 43603.115, 7.3),
    ("Austria", 43724.031, 6.9),
    ("United Kingdom", 43770.688, 6.8),
    ("Sweden", 49866.266, 7.2),
    ("Iceland", 50854.583, 7.5),
    ("Australia", 50961.865, 7.3),
    ("Ireland", 51350.744, 7.0),
    ("Denmark", 52114.165, 7.5),
    ("United States", 55805.204, 7.2),
)
"""
Country, gross domestic product a head in 2015 (US dollars; IMF, World Economic Outlook, April 2016), and satisfaction
with life (OECD Better Life Index, 2015); 29 of 36, as the text has them.
"""


def _line_and_neighbours() -> tuple[float, ...]:
    from tenfold.models import KNeighborsRegressor, MomentsRegression

    X = np.array([[product] for _, product, _ in _COUNTRIES])
    y = np.array([satisfaction for *_, satisfaction in _COUNTRIES])
    line = MomentsRegression().fit(X, y)
    nearest = KNeighborsRegressor(3).fit(X, y)
    cyprus = np.array([[_CYPRUS]])
    return (
        float(line.intercept_),
        float(line.coef_[0]),
        float(line.predict(cyprus)[0]),
        float(nearest.predict(cyprus)[0]),
    )


JOBS = (
    Job(
        "Chapter 1, life satisfaction by income: a line, and three nearest countries",
        (
            Reference("offset of the line", 4.853052800266436, 1e-9, _PRINTED),
            Reference("slope of the line", 4.91154458905e-05, 1e-13, _PRINTED),
            Reference("Cyprus by the line", 5.96242338, 1e-8, _PRINTED),
            Reference("Cyprus by its neighbours", 5.766666666666667, 1e-9, "5.77 in the classic text"),
        ),
        _line_and_neighbours,
        quick=True,
        seconds=1,
    ),
)
