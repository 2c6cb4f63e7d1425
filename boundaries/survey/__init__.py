"""The check of a boundary survey before it is accepted."""

from boundaries.survey.delivery import Delivery as Delivery
from boundaries.survey.delivery import read as read
from boundaries.survey.profile import Profile as Profile
from boundaries.survey.profile import shipped as shipped
from boundaries.survey.review import Review as Review
from boundaries.survey.review import check as check
from boundaries.survey.review import review as review
