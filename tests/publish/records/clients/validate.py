"""Documents against the schemas of CSW 2.0.2 and ISO 19139 that pycsw brings, without the network: faults by name."""

import json
import sys
from pathlib import Path

import pycsw
from lxml import etree

ROOT = Path(pycsw.__file__).parent
GMX = ROOT / "plugins/profiles/apiso/schemas/ogc/iso/19139/20070417/gmx/gmx.xsd"
CSW = ROOT / "core/schemas/ogc/csw/2.0.2/CSW-discovery.xsd"
OWS = ROOT / "core/schemas/ogc/ows/1.0.0/owsAll.xsd"
BOTH = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.opengis.net/cat/csw/2.0.2" schemaLocation="{CSW.as_uri()}"/>
<xs:import namespace="http://www.opengis.net/ows" schemaLocation="{OWS.as_uri()}"/>
<xs:import namespace="http://www.isotc211.org/2005/gmx" schemaLocation="{GMX.as_uri()}"/></xs:schema>"""
parser = etree.XMLParser(no_network=True)
schema = etree.XMLSchema(etree.fromstring(BOTH.encode(), parser))


def faults(text):
    document = etree.fromstring(text.encode(), parser)
    schema.validate(document)
    return [one.message for one in schema.error_log]


json.dump({name: faults(text) for name, text in json.load(sys.stdin).items()}, sys.stdout)
