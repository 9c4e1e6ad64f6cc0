"""How a dataset is drawn: rules and symbols that are no format's, the formats that tell them, the styles that its keepers wrote."""
