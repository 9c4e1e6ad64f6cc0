from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "bocage.publish"
    label = "publish"

    def ready(self) -> None:
        from bocage.pipeline.derived import register
        from bocage.publish.tiles.archiving import Archives

        register(Archives())
