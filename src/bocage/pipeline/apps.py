from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "bocage.pipeline"
    label = "pipeline"

    def ready(self) -> None:
        from bocage.capture.connectors.kinds import CONNECTORS

        CONNECTORS.load_entry_points()
