from messaging.queries.conversations import get_message_for, surroundings

__all__ = ["get_message_for", "surroundings"]
