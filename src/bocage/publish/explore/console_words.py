"""The interface told to people who try it: what each operation gives, what each parameter does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OPERATIONS = {
    "getDatasets": _("Find datasets"),
    "getDatasetsFacets": _("Count datasets by theme, publisher, keyword…"),
    "listExportFormats": _("List the formats of the catalogue"),
    "exportDatasets": _("Export the catalogue"),
    "getDataset": _("Describe a dataset"),
    "getRecords": _("Query the records of a dataset"),
    "getRecordsFacets": _("Count records by the values of a field"),
    "getRecord": _("Read one record"),
    "getDatasetAttachments": _("List the documents of a dataset"),
    "listDatasetExportFormats": _("List the formats of a dataset"),
    "exportRecords": _("Export a dataset"),
}
PARAMETERS = {
    "select": _("Fields to return, or a calculation: name, count(*) as n. Everything when empty."),
    "where": _("What the records must satisfy: places > 100 and town = 'Nantes'. One condition per line, all of them."),
    "group_by": _("One line for each value of these fields; select then says what to count."),
    "order_by": _("Sort by these fields: places desc, name."),
    "limit": _("How many lines: 100 at most, 20,000 with group_by; -1 in an export is all of them."),
    "offset": _("How many lines to pass before the first one."),
    "refine": _("Keep one value of a field: theme:Mobility. One per line."),
    "exclude": _("Leave out one value of a field: theme:Mobility. One per line."),
    "facet": _("Fields whose values are counted. One per line."),
    "lang": _("Language of months, days and labels."),
    "timezone": _("Time zone of the dates, in the question and in the answer: Europe/Paris."),
    "include_links": _("Add the addresses of the next page and of related things."),
    "include_app_metas": _("Add what the platform knows of the use of the dataset."),
    "as_of": _("Read an earlier version of the data: its number, or a date."),
    "use_labels": _("Head the columns with their label rather than their technical name."),
    "compressed": _("Compress the file (gzip)."),
    "epsg": _("System of coordinates of the shapes: 4326 (longitude and latitude), 2154 (Lambert 93)…"),
    "delimiter": _("Sign between two columns of a CSV file."),
    "list_separator": _("Sign between two values of a same cell."),
    "quote_all": _("Put every value of a CSV file between quotes."),
    "with_bom": _("Begin the CSV file with the mark that spreadsheets look for."),
    "parquet_compression": _("Compression of a Parquet file."),
    "name_field": _("Field that names the points of a GPX file."),
    "description_field_list": _("Fields that describe the points of a GPX file, separated by commas."),
    "use_extension": _("Put the other fields in the extensions of the GPX file."),
    "include_exports": _("Formats listed for each dataset, separated by commas."),
    "use_labels_in_exports": _("List spreadsheet files headed with labels."),
}
