from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "bocage.publish"
    label = "publish"
