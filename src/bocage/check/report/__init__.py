"""What is told of a verdict: to a person, to a machine, in a workbook, in a badge."""
