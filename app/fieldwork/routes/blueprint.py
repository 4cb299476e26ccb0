"""The blueprint that all pages of field practice belong to."""

from flask import Blueprint

bp = Blueprint("fieldwork", __name__)
