"""The words of our rules. Importing the package fills `words.WORDINGS`."""

from bocage.check.report.wording import constraints, custom, structure, types
from bocage.check.report.words import WORDINGS

for _module in (structure, types, constraints, custom):
    WORDINGS.add(_module.WORDS)
