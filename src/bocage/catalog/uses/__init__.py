"""How often datasets are asked for and downloaded: numbers, of nobody."""
