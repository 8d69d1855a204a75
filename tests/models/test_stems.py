"""Stems of words: a table that a fit makes, the same in the saved program, and laid on the words of a message."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from tenfold.models.texts import TextCells, WordStems
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Columns, Texts

TEXTS = [
    "walked and walking",
    "Walking, walks",
    "paid offers",
    "offers; walks?",
    "offered paid",
    "money offered 12",
] * 4


def test_forms_of_two_texts_get_stems_and_all_others_stay():
    stems = WordStems("english").fit(["walking", "Walking walked", "talked"])
    assert stems.stems_ == {"walking": "walk"}
    assert stems.transform(["WALKING walked walkings"]).tolist() == ["walk walked walkings"]
    assert WordStems().fit(TEXTS).transform(TEXTS).tolist() == TEXTS


@pytest.mark.parametrize("language", ["none", "english"])
def test_a_pipeline_with_stems_is_a_program(language):
    cells = np.array(TEXTS, object)[:, None]
    pipeline = make_pipeline(TextCells(), WordStems(language), CountVectorizer(), LogisticRegression())
    pipeline.fit(cells, np.arange(24) % 2)
    program = lower_classes(pipeline, Columns((("text", "text"),)), 2)
    assert ("stemmed_words" in {step.operation for step in program.steps}) == (language == "english")
    later = ["Walks walkings OFFERED é", "", "talked"]
    of_program = program.run({"text": np.array(later, object)})["scores"]
    expected = pipeline.decision_function(np.array(later, object)[:, None])
    proba = pipeline.predict_proba(np.array(later, object)[:, None])[:, 1]
    assert np.allclose(of_program[:, 0], expected, atol=1e-12) or np.allclose(of_program[:, 0], proba, atol=1e-12)


@pytest.mark.parametrize("texts", [["a"], ["a", None], ["a", "b" * 300]])
def test_a_table_that_is_none_is_refused(texts):
    from tenfold.program.categories import pack_texts

    with pytest.raises(Refused):
        find_operation("stemmed_words").check((Texts(),), {}, pack_texts(texts))


def test_the_words_of_a_message_are_weighed_by_their_stems():
    from tenfold.analysis.evidence.word_model import word_model
    from tenfold.data.kinds.mail.content import frame_of, program_input
    from tenfold.data.kinds.mail.message import Mail
    from tenfold.data.kinds.mail.preparation import words_of_mail
    from tenfold.data.kinds.mail.schema import MailSchema
    from tenfold.decision.decision import Decision
    from tenfold.record.bundle.classifier import Classifier
    from tenfold.task import infer_task

    X = frame_of([Mail("s", text, "message", addresses="message") for text in TEXTS], [""] * len(TEXTS))
    words = words_of_mail(presence=False).set_params(text__stems__language="english")
    pipeline = make_pipeline(words, LogisticRegression()).fit(X, np.arange(24) % 2)
    program = lower_classes(pipeline, program_input(None), 2)
    task = infer_task(np.array(["ham", "spam"] * 12, object), positive="spam")
    schema = MailSchema()
    model = word_model(Classifier(program, task, Decision("argmax", "argmax"), True, schema, {"candidate": "logistic"}))
    cells = {"subject": "s", "body": "Walking, offers!", "structure": "message", "addresses": "message"}
    part = next(one for one in model.parts if one.vocabulary and "walk" in one.vocabulary)
    terms = [term for term, _ in part.terms(cells, part.places(cells))]
    assert {"walk", "offer", "walk ,"} <= set(terms)


def test_tuning_tries_stems_and_each_preparation_is_fitted_once(monkeypatch):
    from tenfold.candidates.catalogue import resolve
    from tenfold.candidates.search import tuned
    from tenfold.candidates.setting import Setting
    from tenfold.data.kinds.mail.content import frame_of
    from tenfold.data.kinds.mail.message import Mail
    from tenfold.folds.settings import Work, predictions_in_turn

    setting = Setting("mail", rows=24, values=100, classes=2)
    candidate = tuned(resolve("word-bayes", setting), "grid")
    assert {one["words__text__stems__language"] for one in candidate.settings} == {"none", "english"}
    assert "words__text__stems__language" not in resolve("word-bayes", Setting("image", 9, 9, 2)).search_space
    X = frame_of([Mail("s", text, "message", addresses="message") for text in TEXTS], [""] * len(TEXTS))
    fits, fit = [], WordStems.fit
    monkeypatch.setattr(WordStems, "fit", lambda self, X, y=None: fits.append(self.language) or fit(self, X, y))
    work = Work(X, np.arange(24) % 2, X.head(3), lambda pipeline, rows: pipeline.predict_proba(rows), np.arange(24))
    in_turn = [one[0] for one in predictions_in_turn(candidate, work)]
    assert sorted(fits) == ["english", "english", "none", "none"], "footers cut and kept"
    alone = [resolve("word-bayes", setting).pipeline.set_params(**one) for one in candidate.settings]
    for shared, pipeline in zip(in_turn, alone, strict=True):
        np.testing.assert_array_equal(shared, pipeline.fit(X, np.arange(24) % 2).predict_proba(X.head(3)))


@pytest.mark.parametrize("footers", ["cut", "kept"])
def test_footers_are_part_of_the_text_where_they_are_kept(footers):
    from tenfold.data.kinds.mail.content import frame_of, program_input, program_rows
    from tenfold.data.kinds.mail.message import Mail
    from tenfold.data.kinds.mail.preparation import words_of_mail

    X = frame_of([Mail("s", text, "message", 0.0, "message", "sent by ada") for text in TEXTS], [""] * len(TEXTS))
    words = words_of_mail(presence=True).set_params(text__cells__footers=footers)
    pipeline = make_pipeline(words, LogisticRegression()).fit(X, np.arange(24) % 2)
    vocabulary = pipeline[0].named_transformers_["text"][-1].vocabulary_
    assert ("ada" in vocabulary) == (footers == "kept")
    program = lower_classes(pipeline, program_input(None), 2)
    scores = program.run(program_rows(X))["scores"][:, 0]
    np.testing.assert_allclose(scores, pipeline.predict_proba(X)[:, 1], atol=1e-12)
