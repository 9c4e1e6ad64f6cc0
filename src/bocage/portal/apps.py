from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bocage.portal"
    label = "portal"
