"""The queue."""


def prepare(app: object) -> None:
    """Placeholder until the queue is set up."""
