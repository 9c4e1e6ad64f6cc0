"""Ways for data to come in. Each kind is one module; an installed package adds its own by the group `bocage.connectors`."""
