"""The blueprint that all pages of courses belong to."""

from flask import Blueprint

bp = Blueprint("courses", __name__)
