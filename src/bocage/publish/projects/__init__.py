"""Files that open a dataset in QGIS 3.22 or later: a layer definition (.qlr) and a project (.qgs).

They hold addresses and styles, no data and no key: what is read with them is decided when QGIS asks.
"""
