"""Whoever holds only receipts sees that one log is a beginning of the other, or that it is none."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.store import County, create, events, proving
from tests.test_gazetteer.test_migrations import FIXTURES, unpacked
from tests.test_gazetteer.test_store import external

EVENTS = 5


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("proofs") / "blank.gpkg"
    create(path, division_code="421081", name="石首市")
    with County(path, writing=True) as county:
        for number in range(EVENTS - 1):
            with county.change("work", reason=f"reason {number}"):
                pass
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "县.gpkg"))


def heads(path: Path) -> list[str]:
    with County(path) as county:
        return [each["hash"] for each in county.events(last=99)]


def proved(path: Path, since: str | None = None, event: int | None = None) -> proving.Proof:
    with County(path) as county:
        made = proving.prove(county.connection, since=since, event=event)
    return proving.read(json.dumps(made.as_json()))


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(each) for each in words])
    return done.exit_code, done.output


def test_every_earlier_head_is_a_beginning_of_the_log(blank: Path) -> None:
    all_heads = heads(blank)
    for number, head in enumerate(all_heads, start=1):
        proof = proved(blank, since=head)
        assert (len(proof.links), proof.head) == (EVENTS - number, all_heads[-1])
        assert proving.faults(proof, receipts=[head, all_heads[-1]]) == []


def test_every_event_is_shown_to_be_in_the_log(blank: Path) -> None:
    all_heads = heads(blank)
    for number in range(1, EVENTS + 1):
        proof = proved(blank, event=number)
        assert proof.event is not None and proof.event["id"] == number
        assert proving.faults(proof, receipts=[all_heads[-1]]) == []


def test_no_part_of_a_proof_can_be_another(blank: Path) -> None:
    first, last = heads(blank)[0], heads(blank)[-1]
    proof = proved(blank, since=first, event=3)
    assert proof.event is not None
    forged = [
        replace(proof, links=proof.links[1:]),
        replace(proof, links=(*proof.links, "ab" * 32)),
        replace(proof, links=proof.links[::-1]),
        replace(proof, links=("ab" * 32, *proof.links[1:])),
        replace(proof, since="ab" * 32),
        replace(proof, head="ab" * 32),
        replace(proof, event={**proof.event, "actor": "别人"}),
        replace(proof, event={**proof.event, "id": 4}),
    ]
    assert all(proving.faults(each, receipts=[first, last]) for each in forged)


def test_a_rewritten_log_has_no_proof_from_the_receipt(path: Path) -> None:
    receipt = heads(path)[-1]
    connection = external(path)
    connection.execute("DROP TRIGGER event_update")
    connection.execute("UPDATE event SET actor = 'x', hash = NULL")
    events.seal(connection)
    connection.close()
    with pytest.raises(UnknownError, match="is not in this chain"):
        proved(path, since=receipt)


def test_what_the_other_events_say_is_not_shown(blank: Path) -> None:
    told = json.dumps(proved(blank, event=3).as_json())
    assert "reason 1" in told and not {"reason 0", "reason 2"} & set(told.split('"'))


@pytest.mark.parametrize("packed", FIXTURES, ids=lambda path: path.name)
def test_a_receipt_of_an_older_schema_is_a_beginning_of_the_migrated_log(
    packed: Path, tmp_path: Path
) -> None:
    old = unpacked(packed, tmp_path)
    with County(old, writing=True):
        pass
    for number, head in enumerate(heads(old)[:3], start=1):
        proof = proved(old, since=head, event=number + 1 if number < 3 else None)
        assert proving.faults(proof, receipts=[head, heads(old)[-1]]) == []


@pytest.mark.parametrize(
    "told",
    [
        "",
        "[]",
        "{}",
        '{"format": 1}',
        "[" * 100_000,
        '{"format": "gazetteer log proof 1", "since": 1, "head": 2, "first": 1, "links": [3]}',
        '{"format": "gazetteer log proof 1", "since": "x", "head": "y", "first": 1, "links": [{}]}',
    ],
)
def test_what_is_no_proof_is_refused_in_one_line(told: str) -> None:
    with pytest.raises(InputError, match="no proof of a log"):
        proving.read(told)


def test_the_commands_prove_and_check(path: Path, tmp_path: Path) -> None:
    first, last = heads(path)[0], heads(path)[-1]
    out, receipt = tmp_path / "证明.json", tmp_path / "回执.txt"
    receipt.write_text(first, encoding="utf-8")
    status, proof = run("log", "prove", path, "--since", receipt, "--event", 3)
    assert status == 0
    out.write_text(proof, encoding="utf-8")
    path.unlink()
    status, said = run("log", "check", out, "--receipt", receipt, "--receipt", last)
    assert status == 0 and "Reason: reason 1" in said
    assert run("log", "check", out, "--receipt", "ab" * 32)[0] == 1


def test_a_signed_receipt_proves_who_gave_it(path: Path, tmp_path: Path) -> None:
    key, other = tmp_path / "局钥.pem", tmp_path / "他钥.pem"
    receipt = tmp_path / "回执.txt"
    for each in (key, other):
        assert run("signs", "key", path, "--new", each, "--no-passphrase")[0] == 0
    listed = json.loads(run("signs", "key", path, "--json")[1])
    public, strange = (each["public_key"] for each in listed)
    receipt.write_text(run("log", "seal", path, "--key", key)[1], encoding="utf-8")
    against = ("log", "verify", path, "--against", receipt)
    assert run(*against)[0] == run(*against, "--key", public)[0] == 0
    assert run(*against, "--key", strange)[0] == 1
    head, rest = receipt.read_text(encoding="utf-8").split("\n", 1)
    for forged in (head, f"{head}\n{rest.replace('signed 421081', 'signed 421082')}"):
        receipt.write_text(forged, encoding="utf-8")
        assert run(*against, "--key", public)[0] == 1
    older = heads(path)[0]
    receipt.write_text(f"{older}\n{rest}", encoding="utf-8")
    status, said = run(*against)
    assert status == 1 and "does not hold" in said
