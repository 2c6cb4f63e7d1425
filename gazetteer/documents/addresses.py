"""What the certificate of a standard address says, as plain values for `fill.filled`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.documents.names import Content, Office, issued

NONE = "无"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A standard address (标准地址) and what belongs to it.

    Parameters
    ----------
    address
        In full, from the county down.
    street, romanization
        Standard name that it is made of, and its spelling.
    door
        Number as on the plate (12号附1号).
    postcode, code, decision
        Where there are any: postcode, code of the sign, number of the decision.
    former
        Addresses that the door had before, the last first.
    lon, lat
        Position in degrees, CGCS2000.
    """

    address: str
    street: str
    romanization: str
    door: str
    postcode: str = ""
    code: str = ""
    decision: str = ""
    former: Sequence[str] = ()
    lon: float
    lat: float


def address_certificate(
    given: Address, *, office: Office, number: str, on: date, holder: str = ""
) -> Content:
    """Return the values of a 标准地址证明.

    Parameters
    ----------
    number
        Number of the certificate.
    holder
        To whom it is given.

    Raises
    ------
    InputError
        When it has no number.

    Examples
    --------
    >>> given = Address(address="石首市新厂镇建设路2号", street="建设路", romanization="Jiànshè Lù",
    ...     door="2号", lon=112.22, lat=29.52)
    >>> told = address_certificate(given, office=Office(issuer="石首市民政局"),
    ...     number="石地址证〔2026〕1号", on=date(2026, 5, 6))
    >>> told["former"], told["position"]
    ('无', '东经112.220000°，北纬29.520000°（CGCS2000）')
    """
    if not number.strip():
        raise InputError(Sentence("The certificate has no number"), remedy=Sentence("Give it."))
    return {
        "number": number.strip(),
        "holder": holder.strip(),
        "address": given.address,
        "street": given.street,
        "romanization": given.romanization or NONE,
        "door": given.door,
        "postcode": given.postcode or NONE,
        "former": "；".join(dict.fromkeys(given.former)) or NONE,
        "position": f"东经{given.lon:.6f}°，北纬{given.lat:.6f}°（CGCS2000）",
        "code": given.code or NONE,
        "decision": given.decision or NONE,
        **issued(office, on),
    }
