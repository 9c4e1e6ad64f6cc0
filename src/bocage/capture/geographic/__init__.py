"""What is checked or read by ourselves in geographic files before GDAL sees them."""
