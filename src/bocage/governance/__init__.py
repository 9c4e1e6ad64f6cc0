"""People deciding and helping one another: requests for help, discussions on datasets."""
