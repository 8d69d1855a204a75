"""Texts: the program of each vectorizer, and of each model of sparse rows, predicts as scikit-learn does."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.utils import murmurhash3_32

from tenfold.models import OffsetSVC
from tenfold.models.texts import TextCells, WordPieces
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.terms import hash_terms
from tests.program.proof import assert_same_classes, input_of

_SENTENCE = "Hello you how are naïve café ÇA 42 don't x  free_money straße  \n now ﬁne 漢字"
_WORDS = _SENTENCE.split(" ")


def _table(rows=60, seed=0):
    rng = np.random.default_rng(seed)
    lines = [" ".join(rng.choice(_WORDS, rng.integers(0, 12))) for _ in range(rows)]
    cells = pd.Series([None, "", *lines[2:]], dtype=object)
    return pd.DataFrame({"note": cells, "age": rng.normal(size=rows)}), np.arange(rows) % 2


@pytest.mark.parametrize(
    "vectorizer",
    [
        CountVectorizer(),
        CountVectorizer(binary=True, ngram_range=(1, 3), min_df=2),
        CountVectorizer(token_pattern=r"(?u)\b\w+\b", lowercase=False, strip_accents="unicode"),
        CountVectorizer(token_pattern=r"\S+", strip_accents="ascii", ngram_range=(2, 2)),
        CountVectorizer(token_pattern=r"\w+|[^\w\s]", ngram_range=(1, 2)),
        CountVectorizer(analyzer="char", ngram_range=(1, 3)),
        CountVectorizer(analyzer="char_wb", ngram_range=(2, 5)),
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        TfidfVectorizer(norm="l1", use_idf=False),
        TfidfVectorizer(norm=None),
        HashingVectorizer(n_features=64),
        HashingVectorizer(n_features=50, alternate_sign=False, norm=None, ngram_range=(1, 2)),
        HashingVectorizer(n_features=8, binary=True, norm="l1"),
        make_union(TfidfVectorizer(), CountVectorizer(analyzer="char", ngram_range=(2, 3))),
        make_pipeline(CountVectorizer(), TfidfTransformer(sublinear_tf=True)),
        make_pipeline(WordPieces(2, 4, rows=1), TfidfTransformer(sublinear_tf=True)),
    ],
    ids=str,
)
def test_vectorizers_are_programs(vectorizer):
    table, y = _table()
    pipeline = make_pipeline(TextCells(), vectorizer, LogisticRegression()).fit(table[["note"]], y)
    assert_same_classes(pipeline, table[["note"]], 2)


@pytest.mark.parametrize(
    "model",
    [
        MultinomialNB(),
        ComplementNB(norm=True),
        BernoulliNB(),
        LinearSVC(),
        OffsetSVC(random_state=0),
        SGDClassifier(loss="log_loss", random_state=0),
        make_pipeline(TruncatedSVD(3, random_state=0), LogisticRegression()),
    ],
    ids=lambda model: type(model).__name__,
)
@pytest.mark.parametrize("classes", [2, 3])
def test_models_of_counts_are_programs(model, classes):
    table, _ = _table()
    pipeline = make_pipeline(TextCells(), CountVectorizer(ngram_range=(1, 2)), model)
    pipeline.fit(table[["note"]], np.arange(60) % classes)
    assert_same_classes(pipeline, table[["note"]], classes)


@pytest.mark.parametrize("text", ["note", ["note"]], ids=["alone", "in a list"])
def test_texts_stand_beside_numbers(text):
    table, y = _table()
    table["note"] = table["note"].fillna("").astype(object)
    vectorizer = TfidfVectorizer() if text == "note" else make_pipeline(TextCells(), TfidfVectorizer())
    columns = ColumnTransformer([("t", vectorizer, text), ("n", StandardScaler(), ["age"])])
    assert_same_classes(make_pipeline(columns, LogisticRegression()).fit(table, y), table, 2)


def test_code_of_its_own_is_named():
    table, y = _table()
    pipeline = make_pipeline(TextCells(), CountVectorizer(tokenizer=str.split), MultinomialNB())
    with pytest.raises(NotLoweredError, match="tokenizer"):
        lower_classes(pipeline.fit(table[["note"]], y), input_of(table[["note"]]), 2)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=20))
def test_hashes_are_those_of_scikit_learn(terms):
    assert hash_terms(terms).tolist() == [murmurhash3_32(term.encode("utf-8", "surrogatepass"), 0) for term in terms]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(" abÀß漢\t\n", max_size=12), min_size=1, max_size=12), st.integers(1, 3), st.integers(0, 2))
def test_pieces_of_words_are_those_of_scikit_learn(texts, shortest, more):
    texts, longest = [*texts, "zz"], shortest + more
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(shortest, longest))
    expected, own = theirs.fit_transform(texts), WordPieces(shortest, longest, rows=1)
    found = own.fit_transform(texts)
    assert own.vocabulary_ == theirs.vocabulary_
    assert (found != expected).nnz == 0
    assert (own.transform(texts[::-1]) != theirs.transform(texts[::-1])).nnz == 0
