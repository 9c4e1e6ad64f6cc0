"""The reference layers of the territory: boundaries, addresses, roads, parcels, and which datasets point to them."""
