from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "bocage.store"
    label = "store"
