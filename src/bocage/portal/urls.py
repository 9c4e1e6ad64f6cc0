"""Addresses of the public pages. `/explore/dataset/<slug>/` is also the DCAT identity of a dataset: it never changes."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from bocage.portal.views import (
    appearance,
    catalogue,
    checking,
    code_lists,
    dataset,
    discussions,
    feeds,
    home,
    map_sheets,
    maps,
    pages,
    quality,
    schema_files,
    schemas,
    site,
)

app_name = "portal"

DATASET = "explore/dataset/<str:slug>/"
SCHEMA = "schemas/<str:owner>/<str:slug>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("explore/", catalogue.catalogue, name="catalogue"),
    path("explore/feed.rss", feeds.NewsRss(), name="feed_rss"),
    path("explore/feed.atom", feeds.NewsAtom(), name="feed_atom"),
    path(DATASET, dataset.about, name="dataset"),
    path(f"{DATASET}table/", dataset.table, name="dataset_table"),
    path(f"{DATASET}map/", maps.map_page, name="dataset_map"),
    path(f"{DATASET}map/places/", maps.places, name="dataset_places"),
    path(f"{DATASET}map/places/<str:identifier>/", maps.place, name="dataset_place"),
    path(f"{DATASET}map/tiles/<int:zoom>/<int:column>/<int:row>.mvt", maps.filtered_tile, name="dataset_map_tile"),
    path(f"{DATASET}map/sheet/", map_sheets.sheet, name="dataset_map_sheet"),
    path(f"{DATASET}map/qr.svg", map_sheets.code, name="dataset_map_code"),
    path(f"{DATASET}chart/", dataset.chart, name="dataset_chart"),
    path(f"{DATASET}export/", dataset.export, name="dataset_export"),
    path(f"{DATASET}api/", dataset.api, name="dataset_api"),
    path(f"{DATASET}history/", dataset.history, name="dataset_history"),
    path(f"{DATASET}schema/", dataset.schema, name="dataset_schema"),
    path(f"{DATASET}quality/", quality.quality, name="dataset_quality"),
    path(f"{DATASET}discussions/", discussions.discussions, name="dataset_discussions"),
    path(f"{DATASET}discussions/<str:uid>/", discussions.discussion, name="dataset_discussion"),
    path(f"{DATASET}discussions/<str:uid>/<str:action>/", discussions.moderate, name="dataset_discussion_step"),
    path(f"{DATASET}schemas/<path:name>/<str:number>.csv", quality.schema_csv, name="dataset_schema_csv"),
    path("adoption/", quality.adoption, name="adoption"),
    path("schemas/", schemas.schemas, name="schemas"),
    path("schemas/schemas.json", schema_files.catalogue, name="schema_catalogue"),
    path(SCHEMA, schemas.schema, name="schema"),
    path(f"{SCHEMA}compare/", schemas.compare, name="schema_compare"),
    path(f"{SCHEMA}<str:number>/", schemas.schema, name="schema_version"),
    path(f"{SCHEMA}<str:number>/schema.json", schema_files.schema_json, name="schema_json"),
    path(f"{SCHEMA}<str:number>/package.zip", schema_files.schema_package, name="schema_package"),
    path("code-lists/", code_lists.code_lists, name="code_lists"),
    path("code-lists/<str:name>/", code_lists.code_list, name="code_list"),
    path("code-lists/<str:name>/<str:number>.ttl", code_lists.skos_turtle, name="code_list_turtle"),
    path("code-lists/<str:name>/<str:number>.jsonld", code_lists.skos_jsonld, name="code_list_jsonld"),
    path("organizations/", pages.organizations, name="organizations"),
    path("organizations/<str:slug>/", pages.organization, name="organization"),
    path("check/", checking.check_page, name="check"),
    path("check/<str:uid>/", checking.check_report, name="check_report"),
    path("check/<str:uid>/mend/", checking.check_mend, name="check_mend"),
    path("check/<str:uid>/mended.csv", checking.check_mended, name="check_mended"),
    path("help/", pages.help_page, name="help"),
    path("licences/", pages.licences, name="licences"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("legal/", pages.legal, name="legal"),
    path("sitemap/", pages.site_map, name="sitemap_page"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("robots.txt", site.robots, name="robots"),
    path("language/", set_language, name="set_language"),
    path("theme/<str:uid>.css", appearance.theme, name="theme"),
    path("theme/<str:uid>.svg", appearance.landscape, name="landscape"),
    path("theme/<str:uid>/<str:name>", appearance.logo, name="logo"),
    path("basemap/communes.geojson", appearance.communes, name="basemap_communes"),
]
