"""From application to standard name: steps, deadlines, documents and authorities as values."""

from gazetteer.applications.application import KINDS as KINDS
from gazetteer.applications.application import Application as Application
from gazetteer.applications.application import advance as advance
from gazetteer.applications.application import allowed as allowed
from gazetteer.applications.application import approves as approves
from gazetteer.applications.application import new as new
from gazetteer.applications.application import required as required
from gazetteer.applications.application import undo as undo
from gazetteer.applications.authorities import Authority as Authority
from gazetteer.applications.authorities import authorities as authorities
from gazetteer.applications.authorities import authority as authority
from gazetteer.applications.deadlines import Deadline as Deadline
from gazetteer.applications.deadlines import deadlines as deadlines
from gazetteer.applications.deadlines import overdue as overdue
from gazetteer.applications.effects import Change as Change
from gazetteer.applications.effects import effects as effects
from gazetteer.applications.machine import Attachment as Attachment
from gazetteer.applications.machine import Step as Step
from gazetteer.applications.machine import attachment as attachment
from gazetteer.applications.machine import document_title as document_title
from gazetteer.applications.machine import ledger as ledger
from gazetteer.applications.machine import unchanged as unchanged
