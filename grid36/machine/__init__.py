"""A whole system on one machine: its processes, ports, home and embedded broker."""
