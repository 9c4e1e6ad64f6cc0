from django.apps import AppConfig


class QueryConfig(AppConfig):
    name = "bocage.query"
    label = "query"
