import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+")


def count(lines, shortest):
    words = Counter()
    for line in lines:
        words.update(word for word in WORD.findall(line.lower()) if len(word) >= shortest)
    return words
