"""Tables of the domain, one file per subject."""

from nominations.models.campaign import Campaign, CampaignDistrict, ComplaintFigure, Extension, Requirement
from nominations.models.community import Community, Penalty
from nominations.models.confirmation import CommitteeConfirmation
from nominations.models.conflict import Declaration
from nominations.models.district_review import DistrictReview, Inspection, RequirementCheck
from nominations.models.evaluator import Absence, CalendarFeed, Evaluator
from nominations.models.honor import RelatedHonor
from nominations.models.nomination import Nomination
from nominations.models.panel import Assignment, PanelProposal, PanelSeat
from nominations.models.publicity import GoodPractice, PublicityEntry
from nominations.models.ranking import Ranking
from nominations.models.recommendation import RecommendationSummary, SummaryRow
from nominations.models.reporting import ProvincialReport, WorkReport
from nominations.models.selection import Selection, SelectionRow
from nominations.models.third_party import ThirdPartyAssessment
from nominations.models.visit import VetoFinding, Visit, VisitCheck

__all__ = [
    "Absence",
    "Assignment",
    "CalendarFeed",
    "Campaign",
    "CampaignDistrict",
    "CommitteeConfirmation",
    "Community",
    "ComplaintFigure",
    "Declaration",
    "DistrictReview",
    "Evaluator",
    "Extension",
    "GoodPractice",
    "Inspection",
    "Nomination",
    "PanelProposal",
    "PanelSeat",
    "Penalty",
    "ProvincialReport",
    "PublicityEntry",
    "Ranking",
    "RecommendationSummary",
    "RelatedHonor",
    "Requirement",
    "RequirementCheck",
    "Selection",
    "SelectionRow",
    "SummaryRow",
    "ThirdPartyAssessment",
    "VetoFinding",
    "Visit",
    "VisitCheck",
    "WorkReport",
]
