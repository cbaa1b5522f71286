"""What is asked: a standard's releases, their domains, items and requirements, and an instance's own wording.

Everything but `Wording` and `Scoring` is shipped as fixtures and found again by its natural key, so a release can be
loaded any number of times. What an editor changes lives in those two models, which no fixture ever touches.
"""

from standards.models.catalogue import catalogue, scoring_of
from standards.models.releases import Domain, Release, Scoring, Standard, Variant
from standards.models.requirements import EFFORTS, LEVELS, Item, Reference, Requirement
from standards.models.wording import Wording, WordingImport

__all__ = [
    "EFFORTS",
    "LEVELS",
    "Domain",
    "Item",
    "Reference",
    "Release",
    "Requirement",
    "Scoring",
    "Standard",
    "Variant",
    "Wording",
    "WordingImport",
    "catalogue",
    "scoring_of",
]
