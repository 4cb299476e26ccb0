"""The blueprint that all pages of enrollments belong to."""

from flask import Blueprint

bp = Blueprint("enrollments", __name__)
