"""Pages without a look at the whole table: for each column its rows in the order of their values, and the rows as they are.

    looked_up(relation as its reader sees it, plan) -> Found | None
    counted(relation, plan) -> int | None

The rows that a condition leaves are found by arithmetic on numbers that lie in a file; then the statement that would have read the
table reads these rows alone. Rights are where they were, in that statement: what is found is never more than a place to look.
"""

from bocage.query.lookups.finding import Found, can_look_up, counted, looked_up

__all__ = ["Found", "can_look_up", "counted", "looked_up"]
