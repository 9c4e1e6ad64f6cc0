"""A smaller organisation asks the team of a larger one for help: a queue, an answer, somebody in charge."""
