"""The blueprint that the pages of certificates are registered on."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
