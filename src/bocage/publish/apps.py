from importlib import import_module

from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "bocage.publish"
    label = "publish"

    def ready(self) -> None:
        from bocage.pipeline.derived import KINDS

        kinds = ("bocage.publish.files.forgetting", "bocage.publish.tiles.archiving")
        KINDS.fill_when_asked(lambda: [import_module(module) for module in kinds])
