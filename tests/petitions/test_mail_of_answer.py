"""The mail about an answer names who gave it: a TKSK answers too."""

from app.petitions import mails
from app.petitions.rules import Answer, PetitionKind


def test_the_mail_names_who_answered():
    mail = mails.answered(
        "Siti",
        PetitionKind.NAME,
        Answer.TOLD,
        "KTP belum terbaca.",
        by="Rahmadi",
        sender="",
        base_url="http://bekal.test",
    )
    assert str(mail.opening[0]) == "Rahmadi sudah menjawab permintaan Anda."
