"""What people are told by mail about their own record."""

from app.notifications import services as notifications
from app.trainees import mails
from app.trainees.models import Trainee


def nik_known(trainee: Trainee, base_url: str) -> None:
    """Tell the owner of a known NIK that somebody tried to register with it, and how the record is opened."""
    if trainee.email:
        mail = mails.nik_known(trainee.name, has_account=trainee.user_id is not None, base_url=base_url)
        notifications.enqueue_mail(trainee.email, mail)
