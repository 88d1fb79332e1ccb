"""The exercise of seed 1, made once; it takes seconds, and no test changes it."""

import pytest

from polgap import examples


@pytest.fixture(scope="session")
def country():
    return examples.theatre(1)
