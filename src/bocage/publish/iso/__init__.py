"""Metadata of a dataset in ISO 19139 (the XML of ISO 19115), as the INSPIRE guidelines want it: what GeoNetwork, the Géocatalogue
and the European portal read."""
