from importlib import import_module

from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "bocage.publish"
    label = "publish"

    def ready(self) -> None:
        from bocage.pipeline.derived import KINDS

        KINDS.fill_when_asked(lambda: import_module("bocage.publish.tiles.archiving"))
