"""How each type of Table Schema reads a text: in SQL for the usual spellings, in Python for the others, with one meaning."""
