"""S-18: addresses of publications are judged by their form; nothing is ever fetched."""

from __future__ import annotations

import pytest

from nominations.rules.links import link_fault


@pytest.mark.parametrize(
    "link",
    [
        "https://mp.weixin.qq.com/s/Ab_c-1",
        "http://www.example.gov.cn/art/2023/7/10/art_1_2.html?x=1&y=%E5%B0%8F#top",
        "https://示例.中国/小区",
        "https://example.com:8443/",
        "https://example.com./",
        "https://1.1.1.1/",
    ],
)
def test_public_page_is_taken(link: str) -> None:
    assert link_fault(link) is None


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("mp.weixin.qq.com/s/x", "not_a_link"),
        ("javascript:alert(1)", "not_a_link"),
        ("JavaScript://example.com/%0aalert(1)", "not_a_link"),
        ("data:text/html,x", "not_a_link"),
        ("ftp://example.com/x", "not_a_link"),
        ("//example.com/x", "not_a_link"),
        ("https://", "not_a_link"),
        ("https:///x", "not_a_link"),
        ("https://example.com/a b", "not_a_link"),
        ("https://example.com/\nx", "not_a_link"),
        ('https://example.com/"><script>', "not_a_link"),
        ("https://example.com:99999/", "not_a_link"),
        ("https://[::1/", "not_a_link"),
        ("https://user@example.com/", "link_with_password"),
        ("https://example.com:80@evil.example/", "link_with_password"),
        ("https://localhost/x", "link_not_public"),
        ("https://intranet/x", "link_not_public"),
        ("https://printer.local/x", "link_not_public"),
        ("http://127.0.0.1/x", "link_not_public"),
        ("http://10.0.0.8/x", "link_not_public"),
        ("http://169.254.169.254/latest", "link_not_public"),
        ("http://[::1]/x", "link_not_public"),
        ("http://2130706433/x", "link_not_public"),
        ("http://0x7f.1/x", "link_not_public"),
        ("https://-example.com/x", "link_not_public"),
        ("https://example..com/x", "link_not_public"),
    ],
)
def test_anything_else_is_refused_with_its_reason(link: str, code: str) -> None:
    fault = link_fault(link)

    assert fault is not None
    assert (fault.code, fault.fix) == (code, "link")
