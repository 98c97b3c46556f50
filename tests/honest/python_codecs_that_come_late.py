def f(x):
    names = ["cp" + "852", "mac-" + "roman", "Big5" + "-HKSCS", "l" + "4", "UTF" + "-7"]
    texts = ["ä", "Ö", "漢", "ā", "é"]
    return [text.encode(name).hex() for text, name in zip(texts, names)]
