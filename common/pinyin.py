"""Chinese names in the order and the spelling in which people look them up."""

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Place names that the general dictionary reads otherwise.
load_phrases_dict({"长丰": [["cháng"], ["fēng"]], "六安": [["lù"], ["ān"]], "叶集": [["yè"], ["jí"]]})


def spell(name: str) -> str:
    """Return the toneless pinyin of ``name``, syllables joined by one space, lower case."""
    return " ".join(lazy_pinyin(name)).lower()


def initials(name: str) -> str:
    """Return the first letters of the syllables of ``name``, lower case."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
