import codecs
import unicodedata


def f(x):
    return (
        list("€ä".encode("cp1252")),
        "bücher.example".encode("idna").decode(),
        "ä".encode("latin-1")[0],
        codecs.encode("abc", "rot13"),
        list("a".encode("utf-16")),
        b"\xe4".decode("iso8859-15"),
        "漢".encode("shift_jis").hex(),
        unicodedata.normalize("NFD", "é").encode().hex(),
        unicodedata.name("π"),
        "\N{GREEK SMALL LETTER ALPHA}",
        "a\\n".encode().decode("unicode_escape"),
        "x".encode("ascii", "xmlcharrefreplace").decode(),
    )
