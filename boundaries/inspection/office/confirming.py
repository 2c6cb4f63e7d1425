"""What all sides do together: agree on differences, take steps, seal; then the round counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from boundaries.inspection.field import files
from boundaries.inspection.field.bundle import require_side
from boundaries.inspection.office import agreeing, entering, planning, sealing, storage
from boundaries.inspection.round import dates
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.state import Receipt, RoundState
from boundaries.office import records as kept
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence
from gazetteer.store import County, events

SHEETS = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*")
"""First bytes of what a scanner makes."""

COMPARE, CONFIRM = sealing.COMMANDS


def compared(county: County, number: str) -> RoundState:
    """Return a round as it stands, and bring it to 待盖章 once nothing is left to agree on.

    Raises
    ------
    UnknownError
        When there is no such round.
    """
    state = planning.state_of(county, number)
    answered = any(any(layers.values()) for layers in state.told.values())
    if state.round.state == "open" and answered:
        state = replace(state, round=planning.move(county, number, "compared", command=COMPARE))
    if state.round.state == "compared" and state.comparison.settled:
        state = replace(state, round=state.round.move("to be sealed"))
    if state.round.state == "to be sealed" and not state.round.compared:
        return _kept_to_be_sealed(county, state)
    return state


def _kept_to_be_sealed(county: County, state: RoundState) -> RoundState:
    """Keep what was compared under its digest: from now on the round is what is sealed."""
    content = sealing.plain_of(state, kept.of_county(county), at=events.now())
    digest = sealing.digest(content)
    waiting = replace(state.round, compared=digest)
    with county.change(COMPARE, detail=sealing.detail(waiting)) as change:
        storage.write(
            change, storage.round_id(county, waiting.number), [storage.sealed_row(digest, content)]
        )
        planning.write(change, waiting)
    return planning.state_of(county, waiting.number)


def confirm(
    county: County, number: str, *, sheet: Path, sides: Sequence[str], on: str | None = None
) -> Round:
    """Take in the scanned sheet that sides have signed and sealed; with all seals the round counts.

    The confirmed round enters the county file in the same event: the day of inspection on its
    lines (of a regular round), states of markers, reference objects that are gone or new, new
    markers, findings.
    A marker that was moved keeps its agreed position (条例 6).

    Parameters
    ----------
    county
        County file, open for writing.
    number
        Of the round.
    sheet
        Scan (PDF or image).
    sides
        Codes of the sides whose seals are on it.
    on
        Day of confirmation, ISO text; today where not given.

    Raises
    ------
    UnknownError, InputError, ConflictError
        When something is still to be agreed on, the scan is none, a side is unknown, or work on
        record is of a later day than the seals.
    """
    state = compared(county, number)
    _require_settled(state)
    for side in sides:
        require_side(state, side)
    if not sides:
        raise InputError(
            Sentence("no side"), remedy=Sentence("Name the sides whose seals are on it: --side.")
        )
    day = dates.require(on, state.round)
    _require_after_work(state, day)
    with files.given([sheet]) as given:
        scan = _scan(given, sheet)
        files.keep(scan, state.folder)
    sealed = state.round
    for side in sides:
        sealed = sealed.sealed(side, sha256=scan.sha256)
    done = set(sealed.confirmation) >= set(sealed.sides)
    sealed = sealed.move("confirmed") if done else sealed
    inspection = storage.round_id(county, number)
    with county.change(
        CONFIRM,
        source=sheet.name,
        source_hash=scan.sha256,
        document=sheet.name,
        detail=sealing.detail(sealed),
    ) as change:
        storage.write_receipts(change, inspection, [_receipt(scan, side, day) for side in sides])
        planning.write(change, sealed)
        if done:
            entering.enter(county, change, state, day)
    return sealed


def _require_after_work(state: RoundState, day: str) -> None:
    """Refuse seals of a day before work that they would attest."""
    later = max(state.steps, key=lambda each: each.on, default=None)
    if later is not None and later.on > day:
        msg = Sentence(
            "sealed on {day}, before {step} of {key} on {on}",
            day=day,
            step=agreeing.STEPS[later.kind],
            key=later.key,
            on=later.on,
        )
        raise InputError(msg, remedy=Sentence("Give the day on which the sheet was sealed: --on."))


def _require_settled(state: RoundState) -> None:
    if state.round.state == "to be sealed":
        return
    comparison = state.comparison
    if state.round.state in ("confirmed", "archived", "planned"):
        msg = Sentence(
            "round {number!r} is {state}", number=state.round.number, state=state.round.state_title
        )
        raise ConflictError(msg, remedy=Sentence("Only a round that was compared is confirmed."))
    msg = Sentence(
        "round {number!r} has {differing} differences, {conflicts} conflicts and "
        "{missing} things one side is silent about",
        number=state.round.number,
        differing=len(comparison.differing),
        conflicts=len(comparison.conflicts),
        missing=len(comparison.missing),
    )
    raise ConflictError(
        msg, remedy=Sentence("See gazetteer inspection compare; settle: inspection agree.")
    )


def _scan(given: Sequence[files.Given], sheet: Path) -> files.Given:
    if len(given) != 1 or given[0].error or not files.content(given[0]).startswith(SHEETS):
        msg = Sentence("it is no scan of a sheet")
        raise InputError(msg, place=sheet.name, remedy=Sentence("Give one PDF or image of it."))
    return given[0]


def _receipt(scan: files.Given, side: str, day: str) -> Receipt:
    return Receipt(
        side=side,
        file_name=scan.name,
        sha256=scan.sha256,
        bytes=scan.bytes,
        kind="sheet",
        received_on=day,
        dated=day,
    )
