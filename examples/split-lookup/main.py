"""Looks country codes up in a table that is read by its relative path."""
import sys

from lookup.countries import name

for code in sys.argv[1:] or ["DE"]:
    print(code, name(code))
