from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "bocage.access"
    label = "access"

    def ready(self) -> None:
        from bocage.access.audit.watching import watch

        watch()
