"""The three datasets of the study. All of them come with scikit-learn: nothing is downloaded."""

from dataclasses import dataclass

import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

import fluvial


@dataclass(frozen=True)
class Data:
    """A table, split once into a part to learn from and a part to judge by."""

    name: str
    target: str
    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def features(self) -> list[str]:
        return [column for column in self.train.columns if column != self.target]

    def log_as_inputs(self) -> None:
        """Say in the active run which data it reads; the digest tells one version from another."""
        for part, context in ((self.train, "training"), (self.test, "testing")):
            dataset = fluvial.data.from_pandas(part, targets=self.target, name=f"{self.name}-{context}")
            fluvial.log_input(dataset, context=context)


def split(name: str, table: pd.DataFrame, target: str, *, stratified: bool) -> Data:
    train, test = train_test_split(
        table, test_size=0.25, random_state=7, stratify=table[target] if stratified else None
    )
    return Data(name, target, train.reset_index(drop=True), test.reset_index(drop=True))


def breast_cancer() -> Data:
    """569 tumours, 30 measurements of their cell nuclei each; which are malignant?"""
    table = datasets.load_breast_cancer(as_frame=True).frame
    table["malignant"] = 1 - table.pop("target")
    return split("breast-cancer", table, "malignant", stratified=True)


def digits() -> Data:
    """1,797 handwritten digits, 8 x 8 pixels each; which digit is it?"""
    table = datasets.load_digits(as_frame=True).frame.rename(columns={"target": "digit"})
    return split("digits", table, "digit", stratified=True)


def diabetes() -> Data:
    """442 patients, 10 measurements each; how far does the disease progress within a year?"""
    table = datasets.load_diabetes(as_frame=True, scaled=False).frame.rename(
        columns={"target": "progression"}
    )
    return split("diabetes", table, "progression", stratified=False)
