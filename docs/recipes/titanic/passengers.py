"""What a reader of Titanic's passenger list sees at once: the title, who travelled together, fare a head, the deck."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

NUMBERS = ["Pclass", "Age", "SibSp", "Parch", "Fare", "party", "fare a head"]
WORDS = ["Sex", "Embarked", "title", "deck"]


class Passengers(TransformerMixin, BaseEstimator):
    """Add title, size of the party on a ticket, fare a head and deck; tickets are counted on the rows of the fit."""

    def fit(self, X: pd.DataFrame, y: object = None) -> "Passengers":
        """Count the tickets."""
        self.tickets_ = X["Ticket"].value_counts().to_dict()
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the passengers with four columns more."""
        party = X["Ticket"].map(self.tickets_).fillna(1).astype(float)
        family = X["SibSp"] + X["Parch"] + 1
        party = np.maximum(party, family)
        return X.assign(
            party=party,
            title=X["Name"].astype(str).str.extract(r",\s*([^.]*)\.", expand=False).astype(object),
            deck=X["Cabin"].astype(object).where(X["Cabin"].notna(), "none").str[0].astype(object),
            **{"fare a head": X["Fare"] / party},
        )


def prepared(model: object) -> Pipeline:
    """Return a classifier of passengers as they stand in the list."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5, sparse_output=False)
    columns = ColumnTransformer([("numbers", numbers, NUMBERS), ("words", words, WORDS)])
    return make_pipeline(Passengers(), columns, model)


def forest() -> Pipeline:
    """Trees of leaves that hold a few passengers."""
    return prepared(RandomForestClassifier(300, min_samples_leaf=3, random_state=0))


def vote() -> Pipeline:
    """Four different classifiers that vote by their probabilities."""
    four = [
        ("logistic", LogisticRegression(max_iter=1000)),
        ("svm", SVC(probability=True, random_state=0)),
        ("forest", RandomForestClassifier(300, min_samples_leaf=3, random_state=0)),
        ("boosting", HistGradientBoostingClassifier(learning_rate=0.05, max_iter=100, random_state=0)),
    ]
    return prepared(VotingClassifier(four, voting="soft"))
