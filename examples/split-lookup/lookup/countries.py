import csv


def names():
    with open("lookup/tables/countries.csv", newline="") as file:
        return dict(csv.reader(file))
