"""Draw the picture of the README: one nomination's way, who acts, until when (python docs/pictures/draw_journey.py)."""

from pathlib import Path

STEPS = [
    ("Draft", "草稿", "company", ""),
    ("Confirmed, sealed", "业委会确认、盖章", "owners' committee", ""),
    ("Submitted", "已提交", "company", "31 July"),
    ("Reviewed", "审核", "district reviewer", ""),
    ("Recommended", "推荐", "district approver", "31 July"),
    ("Evaluated on site", "实地测评", "city, evaluators", "31 August"),
    ("Shortlisted", "拟推荐", "two city officers", ""),
    ("Reported", "报送省厅", "city approver", "15 September"),
]
WIDTH, LEFT, TOP, STEP = 1180, 76, 74, 147
INK, SOFT, BLUE, LINE, ORANGE = "#1f2329", "#646a73", "#0958d9", "#a9ccff", "#964800"
FONT = "font-family=\"'Noto Sans','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif\""


def text(x: int, y: int, words: str, *, size: int, fill: str, weight: int = 400) -> str:
    """Return one centered line of text."""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}">{words}</text>'


def main() -> None:
    """Write the picture beside this file."""
    last = LEFT + STEP * (len(STEPS) - 1)
    parts = [f'<line x1="{LEFT}" y1="{TOP}" x2="{last}" y2="{TOP}" stroke="{LINE}" stroke-width="3"/>']
    for index, (english, chinese, actor, until) in enumerate(STEPS):
        x = LEFT + STEP * index
        parts += [
            f'<circle cx="{x}" cy="{TOP}" r="11" fill="#fff" stroke="{BLUE}" stroke-width="3"/>',
            text(x, TOP - 40, english, size=15, fill=INK, weight=600),
            text(x, TOP - 21, chinese, size=13, fill=SOFT),
            text(x, TOP + 34, actor, size=13, fill=SOFT),
        ]
        if until:
            parts.append(text(x, TOP + 54, f"by {until}", size=13, fill=ORANGE, weight=600))
    back = LEFT + STEP * 3
    parts += [
        (
            f'<path d="M{back} {TOP + 66} q0 28 -30 28 H{LEFT + 30} q-30 0 -30 -28" fill="none" stroke="{LINE}" '
            'stroke-width="2" stroke-dasharray="5 5"/>'
        ),
        text(
            LEFT + STEP + 70,
            TOP + 116,
            "returned for correction, every defect at once, twice at most · 退回补正",
            size=13,
            fill=SOFT,
        ),
        text(
            last - 260, TOP + 116, "each step: a guarded move, a chained event, a mail, a deadline", size=13, fill=SOFT
        ),
    ]
    body = "\n".join(parts)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 212" role="img" '
        f'aria-label="The way of a nomination from the draft to the report to the province" {FONT} '
        f'text-anchor="middle"><rect width="{WIDTH}" height="212" fill="#fff"/>\n{body}\n</svg>\n'
    )
    Path(__file__).with_name("journey.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
