"""Every way to tamper with a county file that anyone has thought of, and what is told of each."""

from tests.tampering.files import WAYS as FILES
from tests.tampering.logged import WAYS as LOGGED
from tests.tampering.rows import WAYS as ROWS
from tests.tampering.state import WAYS as STATE

WAYS = (*ROWS, *LOGGED, *STATE, *FILES)
