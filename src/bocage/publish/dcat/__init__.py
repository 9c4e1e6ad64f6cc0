"""The catalogue in DCAT-AP 3: what data.gouv.fr, data.europa.eu and other catalogues harvest.

Identities never change: those of datasets and distributions are what a portal of the Explore API gives (`addresses`), so that
a catalogue which harvested such a portal finds here the same things under the same names.
"""
