"""`flask certificates issue`: one JSON object, a refusal as one sentence, safe to run twice."""

import json


def run(app, *words):
    return app.test_cli_runner().invoke(args=["certificates", "issue", *words])


def test_it_issues_and_a_second_run_finds_everything_there(app, graduated):
    batch = graduated("Aminah", "Bahriah \U0001f600", "Camelia")

    first = run(app, batch.code.lower(), "--issued-on", "2011-05-27", "--json")
    second = run(app, batch.code, "--issued-on", "2011-05-27", "--json")

    assert (first.exit_code, second.exit_code) == (0, 0)
    said = json.loads(first.output)
    assert (said["issued"], said["already"]) == (2, 0)
    assert [each["trainee"] for each in said["parked"]] == ["Bahriah \U0001f600"]
    assert "tidak dapat dicetak" in said["parked"][0]["reason"]
    again = json.loads(second.output)
    assert (again["issued"], again["already"], len(again["parked"])) == (0, 2, 1)


def test_it_refuses_with_one_sentence(app, graduated):
    unknown = run(app, "TIDAK-ADA")
    early = run(app, graduated("Aminah", approved=False).code, "--json")
    wrong = run(app, "X", "--issued-on", "besok")
    assert (unknown.exit_code, early.exit_code, wrong.exit_code) == (1, 1, 2)
    assert unknown.stderr.strip() == "Angkatan TIDAK-ADA tidak ditemukan."
    assert "sedang diusulkan" in early.stderr
    assert "Sertifikat belum dapat diterbitkan." in early.stderr
    assert early.stdout == ""


def test_it_says_in_words_what_it_did(app, graduated):
    said = run(app, graduated("Aminah").code, "--issued-on", "2011-05-27")
    assert said.output.splitlines()[0] == "1 sertifikat diterbitkan, 0 sudah terbit, 0 ditahan."
    assert "Diterbitkan: 001/DIKLAT-D/DINSOS-TAPIN/V/2011" in said.output
