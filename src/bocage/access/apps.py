from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "bocage.access"
    label = "access"
