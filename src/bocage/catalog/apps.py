from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "bocage.catalog"
    label = "catalog"
