"""CSW 2.0.2 with the ISO application profile (07-045): what GeoNetwork, the Géoplateforme and QGIS MetaSearch speak. Written here,
on the plan of every interface: pycsw keeps records in a database of its own, where nobody's rights are known."""
