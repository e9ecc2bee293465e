from messaging.services.standing import hide_message, withdraw_waiting_of

__all__ = ["hide_message", "withdraw_waiting_of"]
