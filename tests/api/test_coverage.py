"""Coverage over the API: what is known, what is not, and every figure as a file."""

import csv
import io


def test_coverage_and_its_gaps(make, dinas):
    make.qualification(make.trainee())
    report = dinas.send("GET", "/coverage/63.05", expect=200)
    assert len(report["rows"]) == 12
    assert report["total"]["trained"] == 1
    assert report["total"]["by_tier"]["dasar"] == 1
    gaps = dinas.send("GET", "/coverage/63.05/gaps", expect=200)
    assert (gaps["without_trained_psm"], gaps["short"], len(gaps["without_data"])) == ([], [], 134)
    assert (report["total"]["untrained"], report["total"]["empty"], report["total"]["unknown"]) == (0, 0, 134)
    dinas.send("GET", "/coverage/33.74", expect=404)
    dinas.send("GET", "/coverage/ngawur", expect=404)


def test_anybody_can_reckon_the_gap_of_coverage_again(make, dinas):
    """`target` is a goal for each desa and says of which tier, `wanted` their sum, `gap` what of it is
    missing.
    """
    make.target("63.05", per_desa=2, tier_rank=1)
    for _number in range(3):
        make.qualification(make.trainee())  # three in one desa: the third fills no other desa's gap
    report = dinas.send("GET", "/coverage/63.05", expect=200)
    for row in [*report["rows"], report["total"]]:
        assert (row["target"], row["target_tier"], row["without_target"]) == (2, "dasar", 0)
        assert row["wanted"] == row["target"] * row["villages"]
        assert row["reached"] + row["gap"] + row["wanted_unknown"] == row["wanted"]
        assert row["targets_differ"] is False
    for figure in (
        "villages",
        "wanted",
        "wanted_unknown",
        "reached",
        "gap",
        "to_train",
        "active",
        "trained",
        "empty",
        "untrained",
        "unknown",
    ):
        assert sum(row[figure] for row in report["rows"]) == report["total"][figure]
    assert report["total"]["reached"] == 2
    assert report["total"]["trained"] == 3
    make.survey()
    known = dinas.send("GET", "/coverage/63.05", expect=200)["total"]
    short = dinas.send("GET", "/coverage/63.05/gaps", expect=200)["short"]
    assert sum(desa["missing"] for desa in short) == known["gap"] == 268


def test_coverage_and_its_gaps_are_files_for_excel_too(make, dinas):
    make.target("63.05", per_desa=1)
    make.survey()
    make.qualification(make.trainee())
    answer = dinas.send("GET", "/coverage/63.05?format=csv", expect=200)
    lines = list(csv.DictReader(io.StringIO(answer.text[1:]), delimiter=";"))
    report = dinas.send("GET", "/coverage/63.05", expect=200)
    assert f'filename="cakupan-63.05-{report["as_of"]}.csv"' in answer.headers["Content-Disposition"]
    assert [int(line["gap"]) for line in lines] == [row["gap"] for row in [*report["rows"], report["total"]]]
    assert sum(int(line["gap"]) for line in lines[:-1]) == int(lines[-1]["gap"]) == 134
    assert [line["row"] for line in lines] == ["region"] * 12 + ["total"]
    assert (lines[-1]["by_tier_dasar"], "by_tier" in lines[-1]) == ("1", False)
    lines = list(
        csv.DictReader(
            io.StringIO(dinas.send("GET", "/coverage/63.05/gaps?format=csv", expect=200).text[1:]),
            delimiter=";",
        )
    )
    assert sum(int(line["missing"] or 0) for line in lines if line["list"] == "short") == 134
    for path in ("/coverage/63.05", "/coverage/63.05/gaps"):
        assert dinas.send("GET", f"{path}?format=xlsx", expect=200).data.startswith(b"PK")
        assert "json, csv, atau xlsx" in dinas.send("GET", f"{path}?format=pdf", expect=422)["detail"]


def test_every_figure_of_coverage_is_described(app):
    rows = (
        app.test_client()
        .get("/api/v1/openapi.json")
        .json["components"]["schemas"]["Coverage"]["properties"]["total"]["properties"]
    )
    assert [name for name, field in rows.items() if "description" not in field] == ["code", "name"]


def test_targets_differ_where_some_desa_have_none(make, app, dinas):
    """A provinsi of which one kabupaten has a target: no target of its own, and said to differ."""
    make.target("63.05.06", per_desa=1)
    total = dinas.send("GET", "/coverage/63.05", expect=200)["total"]
    assert (total["target"], total["wanted"], total["without_target"], total["targets_differ"]) == (
        None,
        13,
        122,
        True,
    )
    row = dinas.send("GET", "/coverage/63.05.08", expect=200)["total"]
    assert (row["target"], row["targets_differ"]) == (None, False)
