"""Keys on the county file: registered, revoked for a reason, and what each has signed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.office.signs import auditing, issuing, keys, registry
from gazetteer.office.signs.issuing import Selection
from gazetteer.signs import signing
from gazetteer.signs.verify import verify
from gazetteer.store import County
from gazetteer.store.landing import land
from tests.test_gazetteer import desk_county
from tests.test_gazetteer.test_signage import BASE, KEY, STREET, issued


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(desk_county.make(tmp_path / "县.gpkg"), writing=True)


def states(county: County) -> list[str]:
    known = registry.known(county)
    return [verify(each["content"], known=known).state for each in issued(county)]


def test_revoking_a_key_touches_what_it_signed_and_a_further_key_signs_that_again(
    county: County,
) -> None:
    second = signing.new_key()
    with county:
        lost, kept = (keys.add(county, each.public_key()) for each in (KEY, second))
        issuing.issue(county, Selection(names=[STREET]), base=BASE, key=KEY)
        issuing.issue(county, Selection(category="23"), key=second)
        before = issued(county)
        assert keys.revoke(county, lost, reason="失窃", on=date.today()) == 1
        assert states(county) == ["revoked", "genuine", "genuine"]
        row = keys.keys(county).set_index("key_id").loc[lost]
        assert (row["state"], row["reason"], row["signs"]) == ("revoked", "失窃", 1)
        assert row["revoked_on"] == date.today().isoformat()
        found = [each for each in auditing.findings(county) if each.rule == "signs/key-revoked"]
        assert [each.subject for each in found] == [before[0]["code"]]
        assert len(auditing.open_orders(county, found)) == 1
        again = issuing.issue(county, Selection(category="23"), key=second)
        assert (again.codes, again.signed_again) == ((), (before[0]["code"],))
        assert states(county) == ["genuine"] * 3
        assert [each["code"] for each in issued(county)] == [each["code"] for each in before]
        old = verify(before[0]["content"], known=registry.known(county))
        assert old.state == "revoked", "the plate of before is worth nothing any more"
        assert issuing.issue(county, Selection(category="23"), key=second).signed_again == ()
        assert list(keys.signers(county)) == [kept] * 3


def test_a_key_is_revoked_once_on_a_day_that_can_be_and_for_a_reason(county: County) -> None:
    with county:
        name = keys.add(county, KEY.public_key())
        today = date.today()
        for on in (today + timedelta(days=1), today - timedelta(days=1)):
            with pytest.raises(InputError, match="no key can be revoked on"):
                keys.revoke(county, name, reason="失窃", on=on)
        with pytest.raises(InputError, match="without a reason"):
            keys.revoke(county, name, reason=" ")
        keys.revoke(county, name, reason="失窃")
        with pytest.raises(ConflictError, match="revoked already"):
            keys.revoke(county, name, reason="又失窃")
        with pytest.raises(ConflictError, match="is revoked"):
            keys.add(county, KEY.public_key())
        with pytest.raises(ConflictError, match="is revoked"):
            registry.dated_register(county, key=KEY)


def test_another_key_by_the_name_of_one_is_refused(county: County) -> None:
    with county:
        name = keys.add(county, KEY.public_key())
        stranger = pd.DataFrame([{"key_id": name, "public_key": signing.public_text(
            signing.new_key().public_key())}])  # fmt: skip
        with county.change("test") as change:
            land(change, "sign_keys", stranger, key=["key_id"])
        with pytest.raises(ConflictError, match="another key"):
            keys.add(county, KEY.public_key())
        with pytest.raises(UnknownError, match="not registered"):
            keys.refuse_strange(county, KEY.public_key())


def test_a_key_whose_day_of_revocation_is_lacking_is_revoked_all_the_same(county: County) -> None:
    with county:
        name = keys.add(county, KEY.public_key())
        issuing.issue(county, Selection(names=[STREET]), base=BASE, key=KEY)
        row = pd.DataFrame([{"key_id": name, "state": "revoked"}])
        with county.change("test") as change:
            land(change, "sign_keys", row, key=["key_id"])
        assert states(county) == ["revoked"]
