"""Run by an environment of its own that has pyshacl: hold RDF graphs against shapes.

    python validate_shacl.py SHAPES.ttl GRAPH.rdf…

Prints JSON: for each graph, what breaks the shapes (nothing when it conforms).
"""

from __future__ import annotations

import json
import sys

from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import SH


def main(shapes: str, graphs: list[str]) -> dict[str, list[str]]:
    wanted = Graph().parse(shapes, format="turtle")
    return {path: _broken(Graph().parse(path), wanted) for path in graphs}


def _broken(graph: Graph, shapes: Graph) -> list[str]:
    conforms, report, _text = validate(graph, shacl_graph=shapes, advanced=False, allow_warnings=True)
    if conforms:
        return []
    return [
        " ".join(str(report.value(one, name)) for name in (SH.focusNode, SH.resultPath, SH.resultMessage))
        for one in report.objects(None, SH.result)
    ]


if __name__ == "__main__":
    json.dump(main(sys.argv[1], sys.argv[2:]), sys.stdout, ensure_ascii=False)
