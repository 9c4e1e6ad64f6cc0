from importlib import import_module

from django.apps import AppConfig

# Each registers its rules when imported.
RULE_MODULES = (
    "custom.identifiers", "custom.acts", "custom.years", "custom.compare", "custom.together", "custom.sums",
    "custom.phone", "custom.hours", "custom.gps", "custom.french_formats", "references", "bal.rule",
    "strict.texts", "strict.tables", "strict.dates", "strict.positions", "geometry.rule", "geometry.coverage",
)  # fmt: skip


class CheckConfig(AppConfig):
    name = "bocage.check"
    label = "check"

    def ready(self) -> None:
        from bocage.check.mapping.steps import STEPS
        from bocage.check.rules.kinds import RULES

        RULES.fill_when_asked(lambda: [import_module(f"bocage.check.rules.{module}") for module in RULE_MODULES])
        STEPS.fill_when_asked(lambda: import_module("bocage.check.mapping.kinds"))
