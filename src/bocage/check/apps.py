from django.apps import AppConfig


class CheckConfig(AppConfig):
    name = "bocage.check"
    label = "check"

    def ready(self) -> None:
        import bocage.check.mapping.kinds  # noqa: F401  registers ours
        from bocage.check.mapping.steps import STEPS
        from bocage.check.rules.kinds import RULES

        RULES.load_entry_points()
        STEPS.load_entry_points()
