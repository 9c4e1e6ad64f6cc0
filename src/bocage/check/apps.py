from django.apps import AppConfig


class CheckConfig(AppConfig):
    name = "bocage.check"
    label = "check"
