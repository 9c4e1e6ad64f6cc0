"""Many organisations at once, from a table: the communes of a département, the members of a syndicate.

The table is first understood whole (`reading.read_table`), shown, then planted all or nothing (`planting.plant`). A line that
describes an organisation that is there already changes nothing, so that the same table may be given again, longer.
"""
