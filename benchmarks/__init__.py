"""The read workload Q1–Q12: Bocage and Datasette through HTTP, bare DuckDB in process. Same rows, results checked equal first."""
