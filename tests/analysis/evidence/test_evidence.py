"""What words weigh sums to the score that the model computes, and decides as the classifier does."""

import math

import numpy as np
import pytest

from tenfold.analysis.evidence.class_words import class_words
from tenfold.analysis.evidence.evidence import Word, evidence_of, segments
from tenfold.analysis.evidence.removal import removal_of
from tenfold.analysis.evidence.word_model import word_model
from tenfold.data.kinds.mail.content import frame_of
from tenfold.data.kinds.mail.message import Mail
from tenfold.errors import UsageError
from tests.analysis.evidence.word_models import BAYES, LINEAR, classifier_of, messages

NAMES = (*LINEAR, *BAYES, "hashed")
THREE = ("ham", "spam", "news")
UNSEEN = frame_of(
    [
        Mail("", "", ""),
        Mail("FREE free\tFree", "click\n\n> click http://a.b/c me@x.org 1,200$ ЖЖ İstanbul", "message html links:8"),
        Mail("meeting", "money " * 300, "message"),
    ],
    ["", "", ""],
)


@pytest.fixture(scope="module")
def classifiers():
    return {(name, len(classes)): classifier_of(name, classes) for name in NAMES for classes in (THREE[:2], THREE)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("classes", [2, 3])
def test_weights_sum_to_the_score_and_decide_as_the_classifier(classifiers, name, classes):
    classifier = classifiers[name, classes]
    model = word_model(classifier)
    for X in (messages(THREE[:classes], 3)[0], UNSEEN):
        found = list(evidence_of(model, X))
        for evidence in found:
            total = math.fsum([evidence.offset, *(word.weight for word in evidence.words)])
            assert total == pytest.approx(evidence.score, abs=1e-9)
        assert [one.predicted for one in found] == classifier.predict(X).tolist()


@pytest.mark.parametrize("name", ["logistic", "word-bayes", "linear-svm"])
@pytest.mark.parametrize("threshold", [0.1, 0.97])
def test_the_threshold_in_force_decides(name, threshold):
    classifier = classifier_of(name, threshold=threshold)
    X = messages()[0]
    found = [one.predicted for one in evidence_of(word_model(classifier), X)]
    assert found == classifier.predict(X).tolist()


def test_log_odds_are_those_of_the_probability(classifiers):
    classifier = classifiers["logistic", 2]
    (_, spam), evidence = (
        classifier.predict_proba(UNSEEN[1:2])[0],
        next(evidence_of(word_model(classifier), UNSEEN[1:2])),
    )
    assert evidence.unit == "log-odds"
    assert evidence.score == pytest.approx(np.log(spam / (1 - spam)), abs=1e-9)


@pytest.mark.parametrize("name", ["logistic", "linear-svm", "word-bayes"])
def test_words_of_a_class_speak_for_it(classifiers, name):
    model = word_model(classifiers[name, 2])
    evidence = next(evidence_of(model, UNSEEN[1:2]))
    weights = {evidence.text(word): word.weight for word in evidence.of("body")}
    assert weights["click"] > 0
    assert weights["ЖЖ"] == 0
    assert weights["http://a.b/c"] != 0, "a link weighs what links weigh"
    words = class_words(model, messages()[0], 12)
    assert "meeting" in {word.term for word in words["ham"]}
    assert "click" in {word.term for word in words["spam"]}
    assert all(word.weight > 0 and 0 < word.share <= 1 for listed in words.values() for word in listed)


def test_words_that_stand_everywhere_are_no_words_of_a_class(classifiers):
    words = class_words(word_model(classifiers["linear-svm", 2]), messages()[0], 100)
    assert "message" not in {word.term for listed in words.values() for word in listed}


@pytest.mark.parametrize("name", ["logistic", "word-bayes", "linear-svm"])
def test_without_the_words_named_the_classifier_predicts_otherwise(classifiers, name):
    classifier = classifiers[name, 2]
    model, X = word_model(classifier), messages()[0]
    for row in (0, 9):
        message = X.iloc[[row]]
        removal = removal_of(model, message, next(evidence_of(model, message)), ("subject", "body"))
        assert removal.before == classifier.predict(message)[0]
        if removal.flips:
            assert removal.after != removal.before
            left = message.map(lambda cell, words=removal.words: _without(str(cell), {w.lower() for w, _ in words}))
            assert classifier.predict(left)[0] == removal.after


def _without(text, words):
    return " ".join(one for one in text.split() if one.strip(".,!:>").lower() not in words)


def test_no_word_is_taken_where_none_is_needed(classifiers):
    """One word decides this one, so one is named."""
    model = word_model(classifiers["linear-svm", 2])
    message = frame_of([Mail("notes", "meeting meeting meeting tomorrow http://a.b click", "message")], [""])
    removal = removal_of(model, message, next(evidence_of(model, message)), ("subject", "body"))
    before = model.classifier.predict(message)[0]
    assert removal.before == before
    assert len(removal.words) <= 4


def test_a_message_without_words_has_none_to_take(classifiers):
    model, message = word_model(classifiers["logistic", 2]), UNSEEN[:1]
    removal = removal_of(model, message, next(evidence_of(model, message)), ("subject", "body"))
    assert (removal.words, removal.flips, removal.supporting) == ((), False, 0)


def test_what_is_no_sum_over_words_says_so(classifiers):
    with pytest.raises(
        UsageError, match="the words of forest cannot be weighed one by one: its scores come from trees"
    ):
        word_model(classifier_of("forest"))
    with pytest.raises(UsageError, match=r"its terms \(characters\) run across words"):
        word_model(classifier_of("characters"))


def test_hashed_words_have_the_names_that_messages_give_them(classifiers):
    X, _ = messages()
    named = {name: class_words(word_model(classifiers[name, 2]), X, 5) for name in ("hashed", "logistic")}
    terms = {name: {one.term for words in of_class.values() for one in words} for name, of_class in named.items()}
    assert "free" in terms["hashed"]
    assert len(terms["hashed"] & terms["logistic"]) > 3


def test_segments_hold_the_whole_text_once():
    text = "  buy it\tnow  "
    words = [Word("body", 2, 5, 1.0), Word("body", 6, 8, 0.0), Word("body", 9, 12, -2.0)]
    pieces = segments(text, words, 0.5)
    assert "".join(piece for piece, _ in pieces) == text
    assert [weight for _, weight in pieces] == [None, 1.0, None, -2.0, None]


def test_a_notebook_shows_words_on_their_ground_and_escapes_them(classifiers):
    message = frame_of([Mail("<b>hi</b>", "free <script>alert(1)</script> money", "message")], [""])
    shown = next(evidence_of(word_model(classifiers["linear-svm", 2]), message))._repr_html_()
    assert "<script" not in shown
    assert "<b>" not in shown
    assert '<span style="background: rgb(214 84 20 /' in shown
