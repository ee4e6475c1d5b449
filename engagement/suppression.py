"""Small numbers are never shown, neither directly nor by taking shown numbers from each other.

How it is safe: everything that is shown is a sum of *pieces*, each at least as large as the threshold, and all pieces
of one table fill it without overlapping. What is left out is pooled until its pool is large enough and holds at least
two cells, so that no sum or difference of shown numbers is a single hidden cell or a number below the threshold.
A zero is a small number too: "nobody said this" tells of everybody who was heard.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

IN_CONSOLE = 5
IN_EXPORT = 10

Slice = TypeVar("Slice", bound=Hashable)
Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one row of counts: None stands for "too few, or would give away one that is"."""

    total: int | None
    cells: Mapping[Hashable, int | None]


@dataclass(frozen=True, slots=True)
class Protected(Shown):
    """A whole table of counts, made safe: all slices together, and each slice as far as it can stand alone."""

    slices: Mapping[Hashable, Shown] = field(default_factory=dict)


def protect(table: Mapping[Slice, Mapping[Cell, int]], threshold: int) -> Protected:
    """Make a two-way table of counts (slice by cell) safe to show.

    Args: table: how many people, by slice (a channel) and cell (a rating); cells may be missing, and count as none.
    """
    names = list(dict.fromkeys(cell for row in table.values() for cell in row))
    sums = {cell: sum(row.get(cell, 0) for row in table.values()) for cell in names}
    heads = {one: sum(row.values()) for one, row in table.items()}
    total = sum(heads.values())
    if total < threshold:
        nothing = Shown(None, dict.fromkeys(names))
        return Protected(None, nothing.cells, dict.fromkeys(table, nothing))
    open_cells = showable(sums, threshold)
    open_heads = showable(heads, threshold)
    crossed = _crossed(table, open_heads, open_cells, threshold) if open_cells else frozenset()
    slices: dict[Hashable, Shown] = {
        one: Shown(
            heads[one] if one in open_heads else None,
            _only(row, open_cells, names) if one in crossed else dict.fromkeys(names),
        )
        for one, row in table.items()
    }
    return Protected(total, _only(sums, open_cells, names), slices)


def showable(counts: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Which counts of a row with a known sum can be shown. The smallest are pooled first, so that a higher threshold
    only ever shows less.
    """
    order = sorted(counts, key=lambda cell: counts[cell])
    hidden = [cell for cell in order if counts[cell] < threshold]
    rest = order[len(hidden) :]
    while hidden and rest and (len(hidden) < 2 or sum(counts[cell] for cell in hidden) < threshold):
        hidden.append(rest.pop(0))
    return frozenset(rest)


def _crossed(
    table: Mapping[Slice, Mapping[Cell, int]],
    open_heads: frozenset[Slice],
    open_cells: frozenset[Cell],
    threshold: int,
) -> frozenset[Slice]:
    """The slices whose cells can be shown beside those of the whole: what remains of the whole must be safe as well."""
    pieces = {one: _pieces(row, open_cells, table.values()) for one, row in table.items()}
    alone = sorted(
        (one for one in table if one in open_heads and min(pieces[one]) >= threshold),
        key=lambda one: sum(pieces[one]),
    )
    while alone and not _safe_rest([pieces[one] for one in table if one not in alone], threshold):
        alone.pop(0)
    return frozenset(alone)


def _pieces(row: Mapping[Cell, int], open_cells: frozenset[Cell], rows: Iterable[Mapping[Cell, int]]) -> list[int]:
    pieces = [row.get(cell, 0) for cell in sorted(open_cells, key=str)]
    if any(cell not in open_cells for one in rows for cell in one):
        pieces.append(sum(count for cell, count in row.items() if cell not in open_cells))
    return pieces


def _safe_rest(rest: list[list[int]], threshold: int) -> bool:
    return not rest or min(map(sum, zip(*rest, strict=True))) >= threshold


def _only(row: Mapping[Cell, int], open_cells: frozenset[Cell], names: list[Cell]) -> dict[Hashable, int | None]:
    return {cell: row.get(cell, 0) if cell in open_cells else None for cell in names}
