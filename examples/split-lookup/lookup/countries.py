import csv


def name(code):
    with open("lookup/tables/countries.csv", newline="") as file:
        return dict(csv.reader(file))[code]
