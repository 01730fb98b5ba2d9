import json


def score(word):
    with open("scores/weights.json") as file:
        weights = json.load(file)
    return sum(weights.get(letter, 0) for letter in word)
