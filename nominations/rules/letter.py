"""The letter that goes with the report to the province, proposed in the words of offices; the city edits it."""

from __future__ import annotations

SALUTATION = "省住房和城乡建设厅"


def drafted_letter(*, province: str, basis: str, award: str, communities: int, city: str, year: int) -> str:
    """Return a proposal for the letter (row S-16): basis, what was done, how many are recommended, the request.

    The department that is addressed issued the basis itself, so that its name in front of the title is left out. The
    day is left open, for it is that of the signature.
    """
    notice = basis[max(basis.find("《"), 0) :]
    steps = "经小区自愿申请、县区推荐、实地测评、综合遴选"
    lines = [
        f"{province or SALUTATION}：",
        f"　　根据{notice}要求，我市组织开展了{award}推荐工作。{steps}，现推荐{communities}个小区为{award}。",
        "　　现将推荐名单及有关材料报上，请审核。",
        "",
        f"　　附件：{award}推荐名单",
        "",
        city,
        f"{year}年　　月　　日",
    ]
    return "\n".join(lines)
