"""The blueprint that the pages of this package belong to."""

from flask import Blueprint

bp = Blueprint("trainees", __name__)
