"""Files of the State and of OpenStreetMap, downloaded by the administrator, that become references: ADMIN EXPRESS, BAN, cadastre,
OSM. One module describes each source; `preparing` reads, narrows to an area and sorts; `services` publishes and marks."""
