from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "bocage.capture"
    label = "capture"
