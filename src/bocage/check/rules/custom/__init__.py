"""The checks that French schemas name beyond Table Schema (`custom_checks`, `customCheck`), one module per family."""
