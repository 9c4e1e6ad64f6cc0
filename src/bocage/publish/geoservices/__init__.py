"""GeoServices REST: each dataset as a FeatureServer of one layer, for ArcGIS, and for what speaks to it.

See docs/developer/geoservices.md. Answers are always 200: errors are in their envelope, as clients expect it."""
