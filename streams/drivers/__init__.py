"""What hands partitions to a worker: Faust, or aiokafka alone."""
