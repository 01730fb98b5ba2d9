import configparser
from collections import namedtuple


class Configuration(namedtuple("Configuration", "title text top shortest")):
    @classmethod
    def read(cls, path):
        parser = configparser.ConfigParser()
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        report = parser["report"]
        return cls(report["title"], report["text"], report.getint("top"), report.getint("shortest", fallback=1))
