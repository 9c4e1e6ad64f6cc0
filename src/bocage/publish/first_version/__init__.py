"""The first version of the interface (`/api/records/1.0`, `/api/datasets/1.0`), which portals' own pages still speak.

A translation: every question becomes conditions, expressions and plans of `query`, under the same rights and limits."""
