from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "bocage.console"
    label = "console"
