"""A department's orders, for its own programs: `from connectors.departments import department, orders`."""

from connectors.departments.acting import ActOutcome, DayStatement, KeyRefusedError
from connectors.departments.client import Delivery, Orders, orders
from connectors.departments.program import DepartmentJob, DepartmentJobs, department

__all__ = [
    "ActOutcome",
    "DayStatement",
    "Delivery",
    "DepartmentJob",
    "DepartmentJobs",
    "KeyRefusedError",
    "Orders",
    "department",
    "orders",
]
