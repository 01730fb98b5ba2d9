"""Writes a report beside itself, as it does on a laptop, and prints it."""
import configparser
import os

from shapes.areas import areas

config = configparser.ConfigParser()
config.read("report.ini")
os.makedirs(os.path.dirname(config["report"]["file"]), exist_ok=True)
with open(config["report"]["file"], "w") as file:
    for name, area in areas():
        file.write("%s %.2f\n" % (name, area))
print(config["report"]["title"])
print(open(config["report"]["file"]).read(), end="")
