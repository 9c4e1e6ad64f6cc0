from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "bocage.pipeline"
    label = "pipeline"

    def ready(self) -> None:
        from bocage.pipeline.reviews.condition import require_review
        from bocage.store.pointing import add_condition

        add_condition(require_review)
