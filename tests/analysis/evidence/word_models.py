"""Small mail, and classifiers of it as programs of arrays."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from tenfold.data.kinds.mail.content import frame_of, program_input
from tenfold.data.kinds.mail.message import read_message
from tenfold.data.kinds.mail.preparation import words_of_mail
from tenfold.data.kinds.mail.schema import MailSchema
from tenfold.decision.decision import Decision
from tenfold.models.texts import TextCells, WordMarks
from tenfold.program.lowering import lower_classes
from tenfold.record.bundle.classifier import Classifier
from tenfold.task import infer_task

_HAM = ("See you at the meeting tomorrow", "> I wrote\nthe patch is in http://a.b/c", "Notes of the meeting, 12 pages")
_SPAM = ("FREE money, click http://x.y/z now!", "Click here: free pills for 99$", "You win FREE money, mail me@x.org")
_NEWS = ("Football: the team won 3 to 1", "Weather of the week, sun", "Football results http://n.s")

LINEAR = {
    "logistic": lambda: LogisticRegression(C=100),
    "linear-svm": lambda: LinearSVC(C=10, random_state=0),
}
BAYES = {"word-bayes": lambda: MultinomialNB(alpha=0.1), "complement": lambda: ComplementNB(alpha=0.1)}


def messages(classes=("ham", "spam"), count=8):
    texts = {"ham": _HAM, "spam": _SPAM, "news": _NEWS}
    named = [(label, texts[label][n % 3], n) for label in classes for n in range(count)]
    raw = [f"From: a@b.c\nSubject: {label[0]} {n}\n\n{text}\n{text}\n".encode() for label, text, n in named]
    return frame_of([read_message(one) for one in raw], [""] * len(raw)), np.array(
        [label for label, *_ in named], object
    )


def hashed(analyzer):
    vectorizer = HashingVectorizer(n_features=64, ngram_range=(1, 2), analyzer=analyzer)
    return Pipeline([("cells", TextCells()), ("marks", WordMarks()), ("terms", vectorizer)])


def classifier_of(name, classes=("ham", "spam"), threshold=None):
    """A classifier as it is saved: by name of a candidate, "hashed", "characters" or "forest"."""
    X, labels = messages(classes)
    task = infer_task(labels, positive="spam" if len(classes) == 2 else None)
    if name in {"hashed", "characters"}:
        terms = hashed("char" if name == "characters" else "word")
        words = ColumnTransformer([("text", terms, ["subject", "body"])], sparse_threshold=1.0)
        pipeline = make_pipeline(words, LINEAR["logistic"]())
    elif name == "forest":
        pipeline = make_pipeline(
            words_of_mail(presence=True), TruncatedSVD(2), RandomForestClassifier(5, random_state=0)
        )
    else:
        pipeline = make_pipeline(words_of_mail(presence=name in BAYES), {**LINEAR, **BAYES}[name]())
    pipeline.fit(X, task.encode(labels))
    program = lower_classes(pipeline, program_input(None), len(task.classes))
    by_threshold = Decision("precision>=0.9", "threshold", threshold)
    decision = Decision("argmax", "argmax") if threshold is None else by_threshold
    schema, provenance = MailSchema(), {"candidate": name}
    return Classifier(program, task, decision, program.outputs.probabilities, schema, provenance)
