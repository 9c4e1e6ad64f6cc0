from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "bocage.kernel"
    label = "kernel"
