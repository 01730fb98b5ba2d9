"""Reports the most frequent words of a text: python3 main.py [text file]"""

import sys

from report.configuration import Configuration
from report.layout import page
from report.words import count


def main(arguments):
    configuration = Configuration.read("conf/report.ini")
    name = arguments[0] if arguments else configuration.text
    with open(name, encoding="utf-8") as text:
        words = count(text, configuration.shortest)
    print(page(configuration.title, name, words, configuration.top))


if __name__ == "__main__":
    main(sys.argv[1:])
