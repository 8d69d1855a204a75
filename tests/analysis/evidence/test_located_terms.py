"""Terms with their words are the terms that the model counts, and each is made of the words that it names."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.evidence.located_terms import located_terms
from tenfold.errors import UsageError
from tenfold.program.terms import TERMS, terms_function

ACROSS = ("characters", "tags")
PARAMETERS = st.fixed_dictionaries(
    {
        "units": st.sampled_from([one for one in TERMS["units"]["enum"] if one not in ACROSS]),
        "lower": st.booleans(),
        "accents": st.sampled_from(["kept", "cut", "ascii"]),
        "shortest": st.integers(1, 2),
        "longest": st.integers(2, 4),
    }
)
LETTERS = "aBé'-.9 \n\tİΣßñ\u0301\u00a8\ufb01中"


@given(st.text(LETTERS, max_size=40), PARAMETERS)
def test_they_are_the_terms_of_the_text(text, parameters):
    located = Counter(term for term, _ in located_terms(text.split(), parameters))
    assert located == Counter(terms_function(parameters)(text))


@given(st.text(LETTERS, max_size=40), PARAMETERS)
def test_each_is_made_of_its_words(text, parameters):
    words = text.split()
    for term, places in located_terms(words, parameters):
        apart = [one for place in places for one, _ in located_terms([words[place]], {**parameters, "shortest": 1})]
        assert term in apart or len(set(places)) > 1 or set(term.split()) <= set(apart)


@pytest.mark.parametrize("units", ACROSS)
def test_terms_across_words_have_no_word(units):
    parameters = {"units": units, "lower": True, "accents": "kept", "shortest": 2, "longest": 3}
    with pytest.raises(UsageError, match="across words"):
        list(located_terms(["ab", "c"], parameters))
