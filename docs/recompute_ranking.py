"""Work out a ranking anew from its export, with nothing but Python: python recompute_ranking.py ranking.csv"""

import csv
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

rules, figures, sheets = {}, defaultdict(dict), defaultdict(lambda: defaultdict(list))
for line in csv.DictReader(Path(sys.argv[1]).read_text(encoding="utf-8-sig").splitlines()):
    if line["record"] == "rule":
        rules[line["name"]] = line["value"]
    elif line["record"] == "figure":
        figures[line["community"]][line["name"]] = line["value"]
    elif line["record"] == "mark" and line["points"]:  # without points: not applicable, neither given nor attainable
        sheets[line["community"]][line["evaluator"]].append(line)


def groups_of(marks):  # weight × points ÷ attainable points; the parts of an item stand for it in proportion
    groups = defaultdict(lambda: defaultdict(list))
    for m in marks:
        groups[m["weight"], m["group"]][m["of"], m["item"], m["part"] != ""].append(Fraction(m["points"]))
    for (weight, _), items in groups.items():
        given = [sum(ps) * (Fraction(of) / 10 / len(ps) if parts else 1) for (of, _, parts), ps in items.items()]
        yield Fraction(weight) * sum(given) / sum(Fraction(of) for of, *_ in items)


def mean(values, trim=False):  # with five or more, the lowest and the highest are left out
    values = sorted(values)[1:-1] if trim and len(values) >= 5 else list(values)
    return sum(values, Fraction()) / len(values)


def leniencies(panels):  # least squares of total = community + evaluator; over all sheets the latter add up to nothing
    names = sorted(set().union(*panels))
    rows = [[Fraction()] * (len(names) + 1) for _ in names]
    for panel in panels:
        for name, total in panel.items():
            row = rows[names.index(name)]
            row[-1] += total - mean(panel.values())
            for other in panel:
                row[names.index(other)] += (other == name) - Fraction(1, len(panel))
    rows[-1] = [*(Fraction(sum(name in panel for panel in panels)) for name in names), Fraction()]
    for i in range(len(names)):
        rows[i] = [x / rows[i][i] for x in rows[i]]  # never zero where the panels hang together
        rows = [r if r is rows[i] else [x - r[i] * y for x, y in zip(r, rows[i], strict=True)] for r in rows]
    return {name: row[-1] for name, row in zip(names, rows, strict=True)}


counted, alpha, order = rules["counted"], Fraction(rules["district_share"]), []
split = {c: {name: list(groups_of(marks)) for name, marks in panel.items()} for c, panel in sheets.items()}
off = leniencies([{e: sum(g) for e, g in p.items()} for p in split.values()]) if counted == "adjusted" else {}
for c, panel in split.items():
    total = (1 - alpha) * mean([sum(groups) - off.get(name, 0) for name, groups in panel.items()], counted == "trimmed")
    total += alpha * Fraction(figures[c]["district_score"] or 0)  # then two places, half up, once
    cents, thirds = [int(200 * x + 1) // 2 for x in (total, mean([g[2] for g in panel.values()], counted != "raw"))]
    chain = [("satisfaction", -1), ("complaint_rate", 1), ("fee_collection", -1)]  # no figure goes last
    ties = [(figures[c][name] == "", sign * Fraction(figures[c][name] or 0)) for name, sign in chain]
    order.append(((-cents, *ties, -thirds), c, f"{cents // 100}.{cents % 100:02}"))
for key, c, total in sorted(order):
    print(1 + sum(other < key for other, _, _ in order), c, total)
