"""The words of our rules. Importing the package fills `words.WORDINGS`."""

from bocage.check.report.wording import addresses, constraints, custom, geometry, references, strict, structure, types
from bocage.check.report.words import WORDINGS

for _module in (structure, types, constraints, custom, references, strict, geometry, addresses):
    WORDINGS.add(_module.WORDS)
