"""What the register keeps. One module per idea; import the names from here."""

from risks.models.acceptance import Acceptance
from risks.models.appetite import AppetiteStatement
from risks.models.assessment import RiskAssessment
from risks.models.estimate import EstimatedLoss, RiskEstimate
from risks.models.history import RiskEvent, RiskReview
from risks.models.library import LibraryChange, OwnScenario
from risks.models.limits import Appetite, ImpactCategory, RiskScale, SigningAuthority
from risks.models.links import LINKED, RiskLink
from risks.models.rating import RiskRating
from risks.models.risk import Risk, RiskQuerySet
from risks.models.saved_view import SavedView
from risks.models.tolerance import LossTolerance
from risks.models.treatment import PlanStep, TreatmentPlan
from risks.models.wording import RiskWording

__all__ = [
    "LINKED",
    "Acceptance",
    "Appetite",
    "AppetiteStatement",
    "EstimatedLoss",
    "ImpactCategory",
    "LibraryChange",
    "LossTolerance",
    "OwnScenario",
    "PlanStep",
    "Risk",
    "RiskAssessment",
    "RiskEstimate",
    "RiskEvent",
    "RiskLink",
    "RiskQuerySet",
    "RiskRating",
    "RiskReview",
    "RiskScale",
    "RiskWording",
    "SavedView",
    "SigningAuthority",
    "TreatmentPlan",
]
