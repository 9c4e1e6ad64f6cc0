from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "bocage.pipeline"
    label = "pipeline"
