"""What delimited files and workbooks share, and the reading of a sheet."""
