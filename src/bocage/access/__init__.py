"""May they, and why: viewers, actions, decisions, restrictions."""
