"""The words for dates, times and numbers, made known to all templates; how their sentences are
put together.
"""

from typing import Any

from flask import Flask
from flask_babel import gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.core.dates import (
    clock_time,
    date_range,
    day_date,
    day_in_words,
    local_moment,
    long_date,
    month_short,
    roman,
    thousands,
    time_span,
    zone_name,
)
from app.core.naming import addressed
from app.core.scores import rounded
from app.core.text import as_sentences, full_stop, in_one_line, one_full_stop


def init_filters(app: Flask) -> None:
    """Make the filters known to all templates."""
    for each in (
        long_date,
        day_date,
        day_in_words,
        month_short,
        date_range,
        clock_time,
        local_moment,
        thousands,
        rounded,
        roman,
        time_span,
        zone_name,
        addressed,
        full_stop,
        as_sentences,
        in_one_line,
    ):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.globals["gettext"] = _sentence


@pass_eval_context
def _sentence(context: EvalContext, key: str, /, **values: Any) -> str:
    """Put a sentence of a template into words as `core.text.Text` does: values escaped, one full stop at the
    end.
    """
    sentence = one_full_stop(gettext(key), values)
    if context.autoescape:
        return Markup(sentence) % values  # noqa: S704 - written in a template; its values are escaped
    return sentence % values
