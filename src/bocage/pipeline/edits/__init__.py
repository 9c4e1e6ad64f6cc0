"""Features created, replaced, updated and deleted one by one, or a few together, by people at their GIS.

A batch of edits is the next version of its dataset: made by the operations that publish pushed records (`pipeline.pushes`), over
the version that the edits were checked against and no other, by the run that holds the dataset meanwhile. It is published when
the answer is given: whoever wrote reads what they wrote.
"""
