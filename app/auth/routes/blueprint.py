"""The blueprint that the pages of auth belong to."""

from flask import Blueprint

bp = Blueprint("auth", __name__)
