"""The field of a score: 0 to 100, with comma or point."""

from decimal import Decimal
from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import Optional

from app.core.scores import NOT_A_SCORE, read_score


class ScoreField(StringField):
    """A score with comma or point; empty is no score."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label,
            [Optional()],
            render_kw={"inputmode": "decimal", "class": "field-short", "maxlength": 6},
            **kwargs,
        )

    @property
    def score(self) -> Decimal | None:
        """Return what was typed; raises ValueError where that is no score."""
        return read_score(self.data) if self.data else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no score."""
        try:
            _read = self.score
        except ValueError:
            raise ValidationError(str(NOT_A_SCORE)) from None
