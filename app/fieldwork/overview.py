"""How far the field practice of a batch is, and the one thing to do now.

Plain values in, plain values out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.core.dates import day_date
from app.core.text import Text, _


class NextAct(Enum):
    """What the button under the next thing does."""

    NOTHING = "nothing"
    ASK = "ask"
    ASK_AGAIN = "ask_again"
    SPREAD = "spread"


@dataclass(frozen=True)
class Next:
    """The one thing to do now about field practice."""

    sentence: Text
    act: NextAct = NextAct.NOTHING
    note: Text | None = None


@dataclass(frozen=True)
class Overview:
    """How far the field practice of a batch is, in plain values."""

    people: int  # who takes part
    unplaced: int  # of these, without a place
    granted: int  # places given by hosts, at visits past and to come
    free: int  # of these, at visits to come and taken by nobody
    waiting: int  # places asked for and not answered, without those whose visitors are named already
    requests: int = 0  # requests that wait for an answer
    held: int = 0  # people placed at a visit that waits for its answer again
    proposals: int = 0  # hosts that propose another day
    can_ask_again: bool = True  # one of these days can be asked for
    to_come: bool = True  # an accepted visit is still to come
    took_place_on: date | None = None  # the last visit that took place
    is_over: bool = False  # the last session of field practice has passed
    stranded: int = 0  # people placed at a visit that lacks its session, while another one takes people
    stray: Text | None = None  # a visit on a day that holds no session of field practice for its people
    can_ask: bool = True  # a day is left for which a host may be asked
    closed: Text | None = None  # why nothing can change any more

    @property
    def missing(self) -> int:
        """Return how many places lack when all that is asked for is granted."""
        return max(0, self.unplaced - self.free - self.waiting)


def describe_stray(
    host: str, day: date, groups: Collection[int], practice: Collection[tuple[date, int | None]]
) -> Text | None:
    """Say that a visit lies on a day without a session of field practice for its groups, or None.

    `practice`: day and group of each session of field practice; one without a group is for everybody.
    """
    here = {group for held_on, group in practice if held_on == day}
    if None in here or (here and here.issuperset(groups)):
        return None
    if here:
        missing = ", ".join(
            str(group) for group in sorted(set(groups) - {group for group in here if group is not None})
        )
        return _(
            "Kunjungan ke %(host)s pada %(day)s: sesi PKL hari itu bukan untuk kelompok %(groups)s. Sesuaikan"
            " jadwal atau kelompoknya.",
            host=host,
            day=day_date(day),
            groups=missing,
        )
    if not practice:
        return _(
            "Kunjungan ke %(host)s pada %(day)s, tetapi jadwal belum memuat sesi PKL. Tambahkan sesinya, atau"
            " batalkan kunjungannya.",
            host=host,
            day=day_date(day),
        )
    return _(
        "Kunjungan ke %(host)s pada %(day)s, sedangkan sesi PKL pada %(days)s. Pindahkan sesinya, atau minta"
        " lokasi untuk hari sesi itu, tempatkan pesertanya di sana, lalu batalkan kunjungan ini.",
        host=host,
        day=day_date(day),
        days=", ".join(day_date(each) for each in sorted({held_on for held_on, _group in practice})),
    )


def next_of(o: Overview) -> Next:
    """Say what to do now, in each state."""
    if o.closed is not None:
        return Next(o.closed)
    if not o.people:
        return _next_without_people(o)
    if o.stranded and o.free >= o.unplaced + o.stranded:
        return Next(
            _(
                "%(number)s peserta belum mempunyai tempat pada kunjungan yang ada sesi PKL-nya.",
                number=o.unplaced + o.stranded,
            ),
            NextAct.SPREAD,
            o.stray,
        )
    if not o.unplaced:
        return _next_when_placed(o)
    if o.free >= o.unplaced:
        return Next(_("%(number)s peserta belum ditempatkan.", number=o.unplaced), NextAct.SPREAD)
    if not o.missing:
        sentence = _(
            "%(requests)s permohonan menunggu jawaban lokasi PKL; %(number)s peserta belum ditempatkan.",
            requests=o.requests,
            number=o.unplaced,
        )
        return Next(
            sentence, note=o.stray or _("Anda dapat mengisi jawaban atas nama lokasi pada tabel di bawah.")
        )
    return _next_when_places_lack(o)


def _next_without_people(o: Overview) -> Next:
    if o.requests:
        return Next(_("%(requests)s permohonan menunggu jawaban lokasi PKL.", requests=o.requests))
    if o.granted:
        return Next(_("Belum ada peserta yang diterima; pembagian kelompok menunggu daftar peserta."))
    if not o.can_ask:
        return Next(_("Hari angkatan ini sudah lewat tanpa peserta; tidak ada PKL yang perlu diatur."))
    return Next(_("Lokasi praktik kerja lapangan (PKL) belum ada yang menerima."), NextAct.ASK)


def _next_when_placed(o: Overview) -> Next:
    if o.stray is not None:
        return Next(o.stray)
    if o.held:
        return Next(
            _(
                "Semua peserta sudah ditempatkan; tempat %(held)s orang menunggu jawaban lokasi untuk tanggal"
                " yang baru.",
                held=o.held,
            )
        )
    if not o.to_come and o.took_place_on is not None:
        return Next(
            _(
                "Semua peserta sudah ditempatkan; kunjungan PKL sudah berlangsung pada %(day)s.",
                day=day_date(o.took_place_on),
            )
        )
    if o.requests:
        sentence = _(
            "Semua peserta sudah ditempatkan; %(requests)s permohonan masih menunggu jawaban.",
            requests=o.requests,
        )
        return Next(
            sentence,
            note=_(
                "Batalkan permohonan yang tidak diperlukan lagi, agar tempatnya dapat dipakai orang lain."
            ),
        )
    return Next(_("Semua peserta sudah ditempatkan."))


def _next_when_places_lack(o: Overview) -> Next:
    if not o.to_come and o.took_place_on is not None:
        sentence = _(
            "Kunjungan PKL sudah berlangsung pada %(day)s; %(number)s peserta tidak tercatat di lokasi mana"
            " pun.",
            day=day_date(o.took_place_on),
            number=o.unplaced,
        )
        if not o.can_ask:
            return Next(sentence, note=_("Bila mereka ikut, tempatkan satu per satu pada daftar di bawah."))
        note = _(
            "Bila mereka ikut, tempatkan satu per satu pada daftar di bawah; bila tidak, minta kunjungan"
            " susulan."
        )
        return Next(sentence, NextAct.ASK, note)
    if not o.can_ask:
        return Next(
            _(
                "Hari angkatan ini sudah lewat; %(number)s peserta tidak pernah ditempatkan.",
                number=o.unplaced,
            )
        )
    if o.is_over and not o.granted and not o.requests:
        note = _(
            "Bila mereka ikut, minta lokasinya lalu tempatkan; tanpa itu lokasi PKL tidak tertulis pada"
            " sertifikat."
        )
        return Next(
            _("Hari PKL sudah lewat; %(number)s peserta tidak pernah ditempatkan.", number=o.unplaced),
            NextAct.ASK,
            note,
        )
    lacking = _("Masih kurang %(missing)s tempat.", missing=o.missing)
    if o.proposals:
        sentence = _("%(lacking)s Ada lokasi yang mengusulkan tanggal lain.", lacking=lacking)
        if not o.can_ask_again:
            note = _(
                "Tanggal usulannya di luar hari diklat atau tidak terbaca. Bicarakan dengan lokasinya, atau"
                " minta lokasi lain."
            )
            return Next(sentence, NextAct.ASK, note)
        note = _("Minta untuk tanggal usulannya, atau minta lokasi lain pada tabel di bawah.")
        return Next(sentence, NextAct.ASK_AGAIN, note)
    if not o.granted and not o.requests:
        sentence = _(
            "Lokasi praktik kerja lapangan (PKL) belum ada yang menerima. %(lacking)s", lacking=lacking
        )
        return Next(sentence, NextAct.ASK)
    note = _(
        "%(unplaced)s peserta belum ditempatkan; %(free)s tempat masih kosong, %(waiting)s tempat menunggu"
        " jawaban.",
        unplaced=o.unplaced,
        free=o.free,
        waiting=o.waiting,
    )
    return Next(lacking, NextAct.ASK, note)
