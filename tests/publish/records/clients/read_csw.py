"""OWSLib's CSW, unmodified, as QGIS MetaSearch uses it: capabilities, searches, pages, records, as JSON on the output."""

import json
import sys

from owslib.csw import CatalogueServiceWeb
from owslib.fes import And, BBox, Not, PropertyIsEqualTo, PropertyIsLike, SortBy, SortProperty
from owslib.ows import ExceptionReport

address, identifier = sys.argv[1:]
service = CatalogueServiceWeb(f"{address}/csw")


def found(constraints=(), **more):
    service.getrecords2(constraints=list(constraints), esn="full", **({"maxrecords": 50} | more))
    return sorted(one.title for one in service.records.values())


def refusal(call):
    try:
        call()
    except ExceptionReport as error:
        return error.code
    return None


def pages():
    titles, start = [], 1
    while start:
        service.getrecords2(esn="brief", maxrecords=2, startposition=start)
        titles += [one.title for one in service.records.values()]
        start = service.results["nextrecord"]
    return titles


everything = found()
first = service.records[identifier]
box = first.bbox
service.getrecordbyid([identifier])
by_id = [one.title for one in service.records.values()]
service.getrecords2(outputschema="http://www.isotc211.org/2005/gmd", esn="full", maxrecords=50)
iso = service.records[identifier]
identified = iso.identification[0]
ordered = SortBy([SortProperty("dc:title", "DESC")])
service.getrecords2(sortby=ordered, maxrecords=50)
sorted_titles = [one.title for one in service.records.values()]
service.getrecords2(resulttype="hits")
hits = dict(service.results)
service.getdomain("dc:subject", "property")
subjects = service.results["values"]
service.getdomain("GetRecords.outputSchema")
schemas = service.results["values"]
service.describerecord()
json.dump({
    "title": service.identification.title, "type": service.identification.type, "version": service.identification.version,
    "operations": sorted(one.name for one in service.operations), "spatial": "BBOX" in service.filters.spatial_operators,
    "like": "Like" in service.filters.scalar_comparison_operators, "provider": service.provider.name,
    "everything": everything, "box": [box.minx, box.miny, box.maxx, box.maxy],
    "links": [[one["scheme"], one["url"]] for one in first.references], "publisher": first.publisher, "by_id": by_id,
    "words": found([PropertyIsLike("csw:AnyText", "Cyclables")]), "marks": found([PropertyIsLike("csw:AnyText", "%velo%")]),
    "subject": found([PropertyIsEqualTo("dc:subject", "vélo")]), "title_like": found([PropertyIsLike("dc:title", "arb%")]),
    "boxed": found([BBox([47.0, -2.0, 48.0, -1.0], crs="urn:ogc:def:crs:EPSG::4326")]),
    "both": found([[BBox([47.0, -2.0, 48.0, -1.0], crs="urn:ogc:def:crs:EPSG::4326"), PropertyIsLike("csw:AnyText", "piste")]]),
    "none": found([And([PropertyIsEqualTo("dc:type", "dataset"), Not([PropertyIsEqualTo("dc:type", "dataset")])])]),
    "cql": found(cql="csw:AnyText LIKE '%arbre%' OR BBOX(ows:BoundingBox, 47.0, -2.0, 48.0, -1.0)"),
    "sorted": sorted_titles, "hits": [hits["matches"], hits["returned"]], "subjects": subjects, "schemas": schemas,
    "pages": pages(), "unknown": refusal(lambda: found([PropertyIsLike("dc:nothing", "x")])),
    "iso": {
        "identifier": iso.identifier, "language": iso.languagecode, "hierarchy": iso.hierarchy, "stamp": iso.datestamp,
        "title": identified.title, "abstract": identified.abstract, "uri": identified.uricode, "topics": identified.topiccategory,
        "keywords": [[word.name for word in group.keywords] for group in identified.keywords],
        "thesauri": [group.thesaurus["title"] for group in identified.keywords if group.thesaurus],
        "box": [identified.bbox.minx, identified.bbox.miny, identified.bbox.maxx, identified.bbox.maxy],
        "temporal": [identified.temporalextent_start, identified.temporalextent_end],
        "constraints": identified.otherconstraints, "lineage": iso.dataquality.lineage,
        "conformity": iso.dataquality.conformancetitle, "contact": iso.contact[0].email, "role": iso.contact[0].role,
        "organization": iso.contact[0].organization,
        "online": [[one.protocol, one.url, one.name] for one in iso.distribution.online],
        "format": iso.distribution.format, "system": iso.referencesystem.code,
        "dates": [[one.type, one.date] for one in identified.date],
    },
}, sys.stdout)  # fmt: skip
