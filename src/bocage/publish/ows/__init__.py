"""What WFS, WMS and WMTS have in common: the door, their parameters, their XML, their faults. See docs/developer/ows.md."""
