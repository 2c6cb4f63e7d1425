"""A township boundary survey of the sample county as its contractor delivers it.

In good order unless defects are planted: each can be switched on by itself.
"""

from sample_county.delivery.defects import DEFECTS as DEFECTS
from sample_county.delivery.defects import Defect as Defect
from sample_county.delivery.make import DeliveryTruth as DeliveryTruth
from sample_county.delivery.make import make_delivery as make_delivery
