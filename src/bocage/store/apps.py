from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "bocage.store"
    label = "store"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from bocage.store import telling

        post_delete.connect(telling.tell_removed, "store.Version", dispatch_uid="journal-version")
