"""Pages of courses: the public list and sheet, the plan, the schedule, the states, curricula and
facilitators.
"""

from app.courses.routes import curricula, life, plan, public, schedule
from app.courses.routes.blueprint import bp

__all__ = ["bp", "curricula", "life", "plan", "public", "schedule"]
