"""The Base Adresse Locale, formats 1.3, 1.4 and 1.5: the rules, codes and levels of `validateur-bal` 3.5 (MIT).

A schema asks for it with one custom check, `{"name": "bal", "params": {"profile": "1.4"}}`; `descriptor.descriptor` makes such a
schema. Each code of the validator is one test: rule `bal.<code>`, code `<code>`, fields `profile` and, for what the validator
only informs of, `information`. What its own network calls would say (identifiers issued by the BAN) comes from the resource
`ban_communes` (`code`, `id`) when it is given; names and former codes of communes from `communes` (`code`, `nom`, `actuelle`:
the code of the present commune, the same for a present one).
"""
