BAR = 30


def page(title, name, words, top):
    total = sum(words.values())
    lines = [title, "=" * len(title), "%s: %d words, %d different" % (name, total, len(words)), ""]
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:top]
    for word, times in ranked:
        lines.append("%-12s %4d  %s" % (word, times, "#" * max(1, BAR * times // ranked[0][1])))
    return "\n".join(lines)
