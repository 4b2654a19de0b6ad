"""A department's orders, for its own programs: `from connectors.departments import orders`."""

from connectors.departments.client import Delivery, Orders, orders

__all__ = ["Delivery", "Orders", "orders"]
