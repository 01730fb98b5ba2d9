"""Not PyArrow: it is in no package of Debian, and the stub of Spark does no more than look for it."""

__version__ = "1.0"
