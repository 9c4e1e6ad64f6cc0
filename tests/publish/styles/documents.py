"""Styles as other software writes them."""

GEOSERVER = """<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc"
  xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.opengis.net/sld http://schemas.opengis.net/sld/1.0.0/StyledLayerDescriptor.xsd">
 <NamedLayer><Name>arbres</Name><UserStyle><Title>Essences</Title><FeatureTypeStyle>
  <Rule><Title>Chênes anciens</Title>
   <ogc:Filter><ogc:And>
     <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>chêne</ogc:Literal></ogc:PropertyIsEqualTo>
     <ogc:PropertyIsGreaterThan><ogc:PropertyName>n</ogc:PropertyName><ogc:Literal>500</ogc:Literal></ogc:PropertyIsGreaterThan>
   </ogc:And></ogc:Filter>
   <MaxScaleDenominator>100000</MaxScaleDenominator>
   <PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName>
     <Fill><CssParameter name="fill">#FF0000</CssParameter><CssParameter name="fill-opacity">0.5</CssParameter></Fill>
     <Stroke><CssParameter name="stroke">#000000</CssParameter><CssParameter name="stroke-width">2</CssParameter></Stroke>
   </Mark><Size>10</Size><Rotation>45</Rotation></Graphic></PointSymbolizer>
  </Rule>
  <Rule><Title>Les autres</Title><ElseFilter/>
   <PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName>
     <Fill><CssParameter name="fill">#00ff00</CssParameter></Fill></Mark></Graphic></PointSymbolizer>
   <TextSymbolizer><Label><ogc:PropertyName>kind</ogc:PropertyName></Label>
     <Font><CssParameter name="font-size">11</CssParameter></Font><Fill><CssParameter name="fill">#333333</CssParameter></Fill>
     <VendorOption name="autoWrap">60</VendorOption></TextSymbolizer>
  </Rule>
 </FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"""

QGIS = """<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" version="1.1.0" xmlns:ogc="http://www.opengis.net/ogc"
  xmlns:se="http://www.opengis.net/se" xmlns:xlink="http://www.w3.org/1999/xlink">
 <NamedLayer><se:Name>zones</se:Name><UserStyle><se:Name>zones</se:Name><se:FeatureTypeStyle>
  <se:Rule><se:Name>Inondable</se:Name><se:Description><se:Title>Zone inondable</se:Title></se:Description>
   <ogc:Filter xmlns:ogc="http://www.opengis.net/ogc"><ogc:Or>
     <ogc:PropertyIsBetween><ogc:PropertyName>n</ogc:PropertyName><ogc:LowerBoundary><ogc:Literal>1</ogc:Literal></ogc:LowerBoundary>
       <ogc:UpperBoundary><ogc:Literal>5</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>
     <ogc:Not><ogc:PropertyIsNull><ogc:PropertyName>kind</ogc:PropertyName></ogc:PropertyIsNull></ogc:Not>
   </ogc:Or></ogc:Filter>
   <se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#a6cee3</se:SvgParameter></se:Fill>
    <se:Stroke><se:SvgParameter name="stroke">#232323</se:SvgParameter><se:SvgParameter name="stroke-width">1</se:SvgParameter>
     <se:SvgParameter name="stroke-linejoin">bevel</se:SvgParameter><se:SvgParameter name="stroke-dasharray">4 2</se:SvgParameter>
    </se:Stroke></se:PolygonSymbolizer></se:Rule>
 </se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"""

SLD = "application/vnd.ogc.sld+xml"
MAPBOX = "application/vnd.mapbox.style+json"


def one_rule(inside: str) -> bytes:
    """A document of SLD 1.0 of one rule."""
    return (
        '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:ogc="http://www.opengis.net/ogc"><NamedLayer><UserStyle><FeatureTypeStyle><Rule>'
        f"{inside}</Rule></FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
    ).encode()


def layer(**changed: object) -> dict[str, object]:
    return {"id": "a", "type": "circle", "paint": {"circle-color": "#112233"}} | changed
