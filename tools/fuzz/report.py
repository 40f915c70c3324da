"""What is printed of a campaign: how fast it goes, what it found, what it drew."""

from __future__ import annotations

from pathlib import Path

from .campaign import Campaign


def progress(campaign: Campaign, before: int, seconds: float) -> str:
    """One line, while it runs."""
    rate = (campaign.cases - before) / max(seconds, 1e-9)
    return (
        f"{campaign.cases} cases, {rate:.1f} a second, {len(campaign.findings)} kinds of findings"
    )


def summary(campaign: Campaign, findings: Path) -> str:
    """Everything, at the end."""
    per_second = campaign.cases / max(campaign.seconds, 1e-9)
    lines = [
        f"{campaign.fuzzer}, seed {campaign.seed}: {campaign.cases} cases, "
        f"{per_second:.1f} a second of one processor",
        *_tables(campaign),
    ]
    for key, cases in campaign.findings.items():
        shown = ", ".join(map(str, cases[:5])) + (", ..." if len(cases) > 5 else "")
        lines.append(f"FOUND {len(cases)} times (cases {shown}): {key}")
    if campaign.findings:
        lines.append(f"kept in {findings}")
    else:
        lines.append("nothing found")
    return "\n".join(lines)


def _tables(campaign: Campaign) -> list[str]:
    """One line for each kind of thing that was counted, the rarest last."""
    groups: dict[str, list[str]] = {}
    for name, count in campaign.counts.most_common():
        group, _, rest = name.partition(" ")
        groups.setdefault(group, []).append(f"{rest} {count}")
    return [f"{group}: {', '.join(entries)}" for group, entries in sorted(groups.items())]
