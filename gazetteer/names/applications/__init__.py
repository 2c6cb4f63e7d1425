"""From application to standard name: steps, deadlines, documents and authorities as values."""

from gazetteer.names.applications.application import KINDS as KINDS
from gazetteer.names.applications.application import Application as Application
from gazetteer.names.applications.application import advance as advance
from gazetteer.names.applications.application import allowed as allowed
from gazetteer.names.applications.application import approves as approves
from gazetteer.names.applications.application import new as new
from gazetteer.names.applications.application import required as required
from gazetteer.names.applications.application import undo as undo
from gazetteer.names.applications.authorities import Authority as Authority
from gazetteer.names.applications.authorities import authorities as authorities
from gazetteer.names.applications.authorities import authority as authority
from gazetteer.names.applications.deadlines import Deadline as Deadline
from gazetteer.names.applications.deadlines import deadlines as deadlines
from gazetteer.names.applications.deadlines import overdue as overdue
from gazetteer.names.applications.effects import Change as Change
from gazetteer.names.applications.effects import effects as effects
from gazetteer.names.applications.machine import Attachment as Attachment
from gazetteer.names.applications.machine import Step as Step
from gazetteer.names.applications.machine import attachment as attachment
from gazetteer.names.applications.machine import document_title as document_title
from gazetteer.names.applications.machine import ledger as ledger
from gazetteer.names.applications.machine import unchanged as unchanged
