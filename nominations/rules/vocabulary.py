"""The words for publicity and good practice that a campaign offers when its file names none of its own (row S-18)."""

from __future__ import annotations


def practice_tags() -> list[str]:
    """Return the usual tags of good practice: the groups of the standard, in short, and what cuts across them."""
    return [
        "党建引领",
        "多方协调",
        "业委会规范运行",
        "物业服务提质",
        "生活服务",
        "执法进小区",
        "垃圾分类",
        "精神文明",
        "智慧物业",
    ]


def publicity_channels() -> list[str]:
    """Return the usual channels: the two that the notice names, and where else districts publish."""
    return ["微信公众号", "政府网站", "新闻网站", "报刊", "广播电视", "短视频", "小区公示栏"]
