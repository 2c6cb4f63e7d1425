"""A township boundary survey of the sample county as its contractor delivers it.

In good order unless defects are planted: each can be switched on by itself.
"""

from cli.demo.recipe.delivery.defects import DEFECTS as DEFECTS
from cli.demo.recipe.delivery.defects import Defect as Defect
from cli.demo.recipe.delivery.make import DeliveryTruth as DeliveryTruth
from cli.demo.recipe.delivery.make import make_delivery as make_delivery
