"""Scores a few words with the weights of a file in the project."""
from scores.weights import score

if __name__ == "__main__":
    for word in ("spark", "slipway", "yarn"):
        print(word, score(word))
