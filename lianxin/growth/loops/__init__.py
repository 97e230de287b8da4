"""What the loops of people write into the registers, in the same transaction as the step itself."""

from lianxin.growth.loops.assessment import ASSESSMENT
from lianxin.growth.loops.certificate import CERTIFICATE
from lianxin.growth.loops.duty import DUTY
from lianxin.growth.loops.hiring import APPLICATION, VACANCY
from lianxin.growth.loops.reserve import RESERVE
from lianxin.growth.loops.selection import CANDIDACY, SELECTION

LOOPS = {
    "growth.Application": APPLICATION, "growth.Assessment": ASSESSMENT,
    "growth.Candidacy": CANDIDACY, "growth.Certificate": CERTIFICATE, "growth.Duty": DUTY,
    "growth.Reserve": RESERVE, "growth.Selection": SELECTION, "growth.Vacancy": VACANCY,
}  # fmt: skip
