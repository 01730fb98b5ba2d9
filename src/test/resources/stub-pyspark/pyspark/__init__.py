"""Not Spark: as much of its Python interface as examples/normal-squares uses, in one process, with SQLite for its SQL."""
