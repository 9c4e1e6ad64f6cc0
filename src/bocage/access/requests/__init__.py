"""Access requests: the data of a dataset on request are asked for, with a purpose, and given or refused, with a reason."""
